import { setTimeout as after } from 'node:timers/promises';
import { History } from './history.js';
import type { Random } from './random.js';
import type { Plan, Story } from './story.js';

export interface LoadRunOptions {
  readonly urls: readonly string[];
  readonly random: Random;
  /** Submissions of all agents together. */
  readonly perSecond: number;
  /** How often each plan is chosen, in relation to the others. */
  readonly mix: Readonly<Record<Plan, number>>;
  /** The earliest that a deadline may pass after the submission. */
  readonly lapseAfterMs: number;
}

export interface LoadFigures {
  /** Sessions that went on on another socket. */
  reconnections: number;
  /** Decisions that the agent heard only because it asked, on a socket that had been open all the while. */
  heardByAsking: number;
}

/** What the agents and reviewers of one load share: where the servers are, what is recorded, and whether to go on. */
export class LoadRun {
  readonly history = new History();
  readonly stories = new Map<string, Story>();
  /** Answers that no client should get, whatever breaks. */
  readonly surprises: string[] = [];
  readonly figures: LoadFigures = { reconnections: 0, heardByAsking: 0 };
  readonly random: Random;
  readonly #end = new AbortController();
  #isSubmitting = true;
  #resumed = Promise.resolve();
  #resume: () => void = () => undefined;
  #nextTurn = performance.now();

  constructor(private readonly options: LoadRunOptions) {
    this.random = options.random;
  }

  anyUrl(): string {
    return this.random.pick(this.options.urls);
  }

  anyPlan(): Plan {
    let left = this.random.next() * Object.values(this.options.mix).reduce((sum, weight) => sum + weight, 0);
    for (const [plan, weight] of Object.entries(this.options.mix)) {
      left -= weight;
      if (left < 0) return plan as Plan;
    }
    return 'held';
  }

  /** Notes what is about to be submitted for the first time. */
  tell(story: Story): void {
    this.stories.set(story.name, story);
    this.history.lapsesAfter(story.name, performance.now() + this.options.lapseAfterMs);
  }

  surprise(text: string): void {
    // One of a kind a hundred times is told a hundred times too often.
    if (this.surprises.length < 100) this.surprises.push(text);
  }

  /** Resolves when another submission is due; false when there is to be none any more. */
  async turn(): Promise<boolean> {
    await this.#resumed;
    const now = performance.now();
    const mine = Math.max(this.#nextTurn, now);
    this.#nextTurn = mine + 1_000 / this.options.perSecond;
    await this.nap(mine - now);
    await this.#resumed;
    return this.#isSubmitting;
  }

  whenNotPaused(): Promise<void> {
    return this.#resumed;
  }

  pause(): void {
    this.resume();
    this.#resumed = new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#resume();
    this.#resumed = Promise.resolve();
  }

  stopSubmitting(): void {
    this.#isSubmitting = false;
    this.resume();
  }

  /** Waits a little before trying again; not any more once it is over. */
  async nap(ms: number): Promise<void> {
    if (ms > 0) await after(ms, undefined, { signal: this.#end.signal }).catch(() => undefined);
  }

  /** Not all at once, and not so often that a server which is just starting has nothing else to do. */
  pauseBeforeRetry(): Promise<void> {
    return this.nap(50 + this.random.below(250));
  }

  get isOver(): boolean {
    return this.#end.signal.aborted;
  }

  end(): void {
    this.stopSubmitting();
    this.#end.abort();
  }
}
