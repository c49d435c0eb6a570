import type { Approval } from '@expacti/contracts';
import type { ClosedDecision, DecisionWaiters } from '../commands/decision-waiters.js';

/** How news of a command reach the agent on one connection. */
export interface Teller {
  updated(approval: Approval): void;
  closed(ref: string, closed: ClosedDecision, mayReceiveReceipt: boolean): void;
}

export interface Listening {
  stop(): void;
  /** Tells what was held back, and from now on everything at once. */
  release(): void;
}

/** What one connection listens for: at most once for each command and ref. */
export class DecisionListeners {
  readonly #listening = new Map<string, Listening>();

  constructor(
    private readonly waiters: DecisionWaiters,
    private readonly teller: Teller,
  ) {}

  /** Listens, and holds back what it hears until `release`, so that "pending" is always said before "decided". */
  listen(commandId: string, ref: string, mayReceiveReceipt: boolean): Listening {
    const key = keyOf(commandId, ref);
    this.#listening.get(key)?.stop();
    let held: (() => void)[] | null = [];
    const tell = (deliver: () => void) => (held ? held.push(deliver) : deliver());
    const remove = this.waiters.add(commandId, {
      mayReceiveReceipt,
      onUpdated: (approval) => tell(() => this.teller.updated(approval)),
      onClosed: (closed) => {
        forget();
        tell(() => this.teller.closed(ref, closed, mayReceiveReceipt));
      },
    });
    const forget = () => this.#listening.get(key) === listening && this.#listening.delete(key);
    const listening: Listening = {
      stop: () => {
        held = [];
        remove();
        forget();
      },
      release: () => {
        const deliveries = held ?? [];
        held = null;
        for (const deliver of deliveries) deliver();
      },
    };
    this.#listening.set(key, listening);
    return listening;
  }

  isListening(commandId: string, ref: string): boolean {
    return this.#listening.has(keyOf(commandId, ref));
  }

  stopAll(): void {
    for (const listening of [...this.#listening.values()]) listening.stop();
  }
}

const keyOf = (commandId: string, ref: string): string => `${commandId} ${ref}`;
