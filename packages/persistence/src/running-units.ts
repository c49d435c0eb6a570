import { AsyncLocalStorage } from 'node:async_hooks';
import { NestedTransactionError, TransactionTimeout } from './database-errors.js';
import { within } from './within.js';

/** Knows from which unit of work a call comes, however deep, and lets none last too long. */
export class RunningUnits {
  readonly #running = new AsyncLocalStorage<{ open: boolean }>();
  readonly #limitMs: number;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Work that was begun in a unit but goes on after its end may open another one. */
  refuseNesting(method: 'transaction' | 'append'): void {
    if (this.#running.getStore()?.open === true) throw new NestedTransactionError(method);
  }

  /** Runs the work of one unit. A unit that never ends would hold up others for ever: it rejects as `TransactionTimeout`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const state = { open: true };
    try {
      const late = () => new TransactionTimeout(this.#limitMs);
      return await this.#running.run(state, () => within(this.#limitMs, work(), late));
    } finally {
      state.open = false;
    }
  }
}
