import type { Approval, EventPayload } from '@expacti/contracts';

export type ClosedDecision = EventPayload<'approval.closed'>['data'];

/** Somebody on this process who waits for the decision about one command. */
export interface DecisionWaiter {
  /** Submitted the command on this very connection, so the receipt may be delivered with the decision. */
  mayReceiveReceipt: boolean;
  onUpdated?(approval: Approval): void;
  onClosed(closed: ClosedDecision): void;
}

/** Who waits here for what. The queue itself lives in the database; this only says whom to tell. */
export class DecisionWaiters {
  readonly #waiters = new Map<string, Set<DecisionWaiter>>();

  /** Returns what ends the waiting. */
  add(commandId: string, waiter: DecisionWaiter): () => void {
    const waiters = this.#waiters.get(commandId) ?? new Set();
    this.#waiters.set(commandId, waiters.add(waiter));
    return () => {
      waiters.delete(waiter);
      if (waiters.size === 0 && this.#waiters.get(commandId) === waiters) this.#waiters.delete(commandId);
    };
  }

  updated(approval: Approval): void {
    for (const waiter of this.#waiters.get(approval.command_id) ?? []) waiter.onUpdated?.(approval);
  }

  closed(closed: ClosedDecision): void {
    const waiters = this.#waiters.get(closed.approval.command_id);
    this.#waiters.delete(closed.approval.command_id);
    for (const waiter of waiters ?? []) waiter.onClosed(closed);
  }
}
