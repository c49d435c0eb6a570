import { type Cast, makeCast } from './cast.js';
import type { History } from './history.js';
import { LoadAgent } from './load-agent.js';
import { LoadReviewer } from './load-reviewer.js';
import { type LoadFigures, LoadRun } from './load-run.js';
import { Random } from './random.js';
import type { Plan, Story } from './story.js';

export interface LoadOptions {
  /** Base URLs of servers that are one system. */
  readonly urls: readonly string[];
  /** An owner's token; the cast is made with it, on the first URL, which has to answer then. */
  readonly ownerToken: string;
  readonly agents?: number;
  readonly reviewers?: number;
  /** Submissions of all agents together. */
  readonly perSecond?: number;
  /** Commands that one agent has under way. */
  readonly commandsAtOnce?: number;
  /** How often each plan is chosen. Default: nothing is left to its deadline, so that draining takes no half a minute. */
  readonly mix?: Partial<Record<Plan, number>>;
  /** The org's timeout, in seconds; 30 at least. */
  readonly timeoutSeconds?: number;
  /** The servers' clocks are made to jump: a deadline may pass at any time. */
  readonly clocksJump?: boolean;
  readonly seed?: number;
}

/** What a load leaves behind, for the verdict. */
export interface LoadRecord {
  readonly stories: readonly Story[];
  /** What was asked about each command, and what was answered. */
  readonly history: Pick<History, 'callsOf'>;
  readonly surprises: readonly string[];
  readonly figures: Readonly<LoadFigures>;
}

const MIX: Record<Plan, number> = { routine: 2, held: 6, withdrawn: 1, left: 0 };

/**
 * Agents and reviewers at work on a system that may break: each goes elsewhere when a server does not answer, asks again
 * what became of things, and writes down what it asked and what it was told.
 */
export class Load {
  private constructor(
    readonly cast: Cast,
    private readonly run: LoadRun,
    private readonly agents: readonly LoadAgent[],
    private readonly agentsDone: Promise<unknown>,
    private readonly reviewersDone: Promise<unknown>,
  ) {}

  static async start(options: LoadOptions): Promise<Load> {
    const { urls, ownerToken, agents = 50, reviewers = 5, perSecond = 80, commandsAtOnce = 2 } = options;
    const { mix = {}, timeoutSeconds = 60, clocksJump = false, seed = 1 } = options;
    const [first] = urls;
    if (first === undefined) throw new Error('A load needs a server');
    const cast = await makeCast(first, ownerToken, { agents, reviewers, timeoutSeconds });
    // A second less: the clocks of two processes need not agree to the millisecond.
    const lapseAfterMs = clocksJump ? 0 : (timeoutSeconds - 1) * 1_000;
    const run = new LoadRun({ urls, random: new Random(seed), perSecond, mix: { ...MIX, ...mix }, lapseAfterMs });
    const workers = cast.agents.map((identity) => new LoadAgent(identity, run));
    const agentsDone = Promise.all(workers.map((agent) => agent.work(commandsAtOnce)));
    const reviewersDone = Promise.all(cast.reviewers.map((identity) => new LoadReviewer(identity, run).work()));
    // Whoever drains hears of a failure; until then it is nobody's unhandled rejection.
    for (const done of [agentsDone, reviewersDone]) done.catch(() => undefined);
    return new Load(cast, run, workers, agentsDone, reviewersDone);
  }

  /** Nothing new is submitted or voted on; what is under way goes on. */
  pause(): void {
    this.run.pause();
  }

  resume(): void {
    this.run.resume();
  }

  /** Commands whose agent knows how they came out. */
  get decided(): number {
    return this.stories.filter(({ heard }) => heard !== null).length;
  }

  /** Every command so far, as its agent knows it now. */
  get stories(): readonly Story[] {
    return [...this.run.stories.values()];
  }

  /** Submits nothing more and waits until every agent knows the outcome of every command, or that long. */
  async drain(withinMs = 60_000): Promise<LoadRecord> {
    this.run.stopSubmitting();
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([this.agentsDone, enough]);
    clearTimeout(timer);
    this.run.end();
    await Promise.all(this.agents.map((agent) => agent.close()));
    await Promise.all([this.agentsDone, this.reviewersDone]);
    const { history, surprises, figures } = this.run;
    return { stories: this.stories, history, surprises, figures };
  }
}

/**
 * A whole load: begins, lets `during` break things, and drains.
 * @param during how long it goes on is this function's to say
 */
export async function runLoad(
  options: LoadOptions,
  during: (load: Load) => Promise<void>,
  drainWithinMs?: number,
): Promise<LoadRecord> {
  const load = await Load.start(options);
  try {
    await during(load);
  } catch (error) {
    await load.drain(0);
    throw error;
  }
  return load.drain(drainWithinMs);
}
