import { setTimeout as after } from 'node:timers/promises';
import { AgentLink, LinkLost } from './agent-link.js';

/** What became of one submission, and when, on this process's own clock. */
export interface Probed {
  readonly sentAt: number;
  readonly answeredAt: number;
  /** `allowed`, `denied`, `pending`, the code of an error, or `lost` where nobody answered, or even greeted. */
  readonly outcome: string;
  readonly isRetryable: boolean;
  readonly commandId: string | undefined;
}

const NAP_MS = 100;

/**
 * One agent that asks for the same line again and again, one at a time, without a key: what is asked of one gateway while
 * something is broken, and what it says then. When its socket is lost it goes on at the next of the servers.
 */
export class Probe {
  readonly answers: Probed[] = [];
  #isOver = false;
  readonly #done: Promise<void>;

  /** @param urls the first is asked until it is lost, then the next, and so on around */
  constructor(
    private readonly urls: readonly string[],
    private readonly token: string,
    private readonly command: string,
  ) {
    this.#done = this.#work();
  }

  /** What was both asked and answered between these two moments. */
  within(from: number, to: number): Probed[] {
    return this.answers.filter(({ sentAt, answeredAt }) => sentAt > from && answeredAt < to);
  }

  /** The longest time, in milliseconds, from one answer of a server that was at work to the next. */
  get longestPause(): number {
    const served = this.answers.filter(({ outcome }) => SERVED.includes(outcome));
    const pauses = served.slice(1).map(({ answeredAt }, index) => answeredAt - (served[index]?.answeredAt ?? 0));
    return Math.max(0, ...pauses);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  async #work(): Promise<void> {
    for (let turn = 0; !this.#isOver; turn += 1) {
      const url = this.urls[turn % this.urls.length] ?? '';
      const sentAt = performance.now();
      let isGreeted = false;
      try {
        const link = await AgentLink.open(url, this.token, null, () => undefined);
        isGreeted = true;
        try {
          while (!this.#isOver) await this.#ask(link);
        } finally {
          link.close();
        }
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        if (!isGreeted) this.#note(sentAt, 'lost', true);
        await after(NAP_MS);
      }
    }
  }

  async #ask(link: AgentLink): Promise<void> {
    const sentAt = performance.now();
    const ref = String(this.answers.length);
    try {
      const answer = await link.ask(
        { type: 'command.submit', ref, command: this.command },
        (frame) => frame.ref === ref,
      );
      if (answer.type === 'error') this.#note(sentAt, answer.code, answer.retryable);
      else this.#note(sentAt, answer.outcome ?? 'pending', false, answer.command_id);
    } catch (error) {
      this.#note(sentAt, 'lost', true);
      throw error;
    }
    await after(NAP_MS);
  }

  #note(sentAt: number, outcome: string, isRetryable: boolean, commandId?: string): void {
    this.answers.push({ sentAt, answeredAt: performance.now(), outcome, isRetryable, commandId });
  }
}

/** The last: the agent has been held so often that it is to wait for people. */
const SERVED = ['allowed', 'denied', 'pending', 'TOO_MANY_PENDING'];
