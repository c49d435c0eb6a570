import { type AgentPrincipal, ExpactiError } from '@expacti/contracts';
import { CLOCK, type Clock } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { momentOfCommandId } from './command-age.js';

/** A command older than this is in the history, or nowhere. Clocks of gateways differ by less. */
const YOUNG_MS = 30_000;

/** Three seconds in all, short ones first: history is normally a tenth of a second behind. */
const PAUSES_MS = [50, 100, 150, 200, 300, 400, 500, 600, 700];

/** Looks of one agent that may wait at once: made-up ids must not tie up the server. */
const MOST_WAITING = 16;

/**
 * A command that a rule decided at another gateway is found in the history only, which hears of it over the bus a moment
 * later. So what is young and unknown is looked for again for a while before it is said not to exist.
 */
@Injectable()
export class HistoryLag {
  readonly #waiting = new Map<string, number>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * What `look` finds, now or soon; null when there is nothing. Throws UNAVAILABLE (retryable) where the agent has too many
   * such questions under way.
   */
  async find<T>(agent: AgentPrincipal, id: string, look: () => Promise<T | null>): Promise<T | null> {
    const found = await look();
    if (found !== null || !this.#isYoung(id)) return found;
    const waiting = this.#waiting.get(agent.id) ?? 0;
    if (waiting >= MOST_WAITING)
      throw new ExpactiError('UNAVAILABLE', 'The history is catching up. Ask again in a moment.');
    this.#waiting.set(agent.id, waiting + 1);
    try {
      return await this.#lookAgain(look);
    } finally {
      const left = (this.#waiting.get(agent.id) ?? 1) - 1;
      if (left > 0) this.#waiting.set(agent.id, left);
      else this.#waiting.delete(agent.id);
    }
  }

  async #lookAgain<T>(look: () => Promise<T | null>): Promise<T | null> {
    for (const pause of PAUSES_MS) {
      await new Promise<void>((resolve) => void this.clock.schedule(pause, resolve));
      const found = await look();
      if (found !== null) return found;
    }
    return null;
  }

  #isYoung(id: string): boolean {
    const moment = momentOfCommandId(id);
    return moment !== null && Math.abs(this.clock.now() - moment) < YOUNG_MS;
  }
}
