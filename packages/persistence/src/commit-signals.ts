import type { EntityManager, QueryRunner } from 'typeorm';

/** What one unit of work announces when it commits: topics, and of each the details that were given. */
export type Signals = Map<string, Set<string>>;

/** Told of a commit, with the details of every unit's signal in it. */
export type CommitListener = (details: ReadonlySet<string>) => void;

const signalsOfRunningUnits = new WeakMap<QueryRunner, Signals>();

/** Opens the signals of one unit of work. For adapters. */
export function openSignals(runner: QueryRunner): Signals {
  const signals: Signals = new Map();
  signalsOfRunningUnits.set(runner, signals);
  return signals;
}

/**
 * Asks that the listeners of `topic` be called once this transaction has committed. A rolled back transaction calls
 * nobody. `manager` must be the one that `Database.transaction` gave.
 * @param details what the listeners may want to know, so that they need not look when it is not for them
 */
export function signalOnCommit(manager: EntityManager, topic: string, details: Iterable<string> = []): void {
  const signals = manager.queryRunner === undefined ? undefined : signalsOfRunningUnits.get(manager.queryRunner);
  if (signals === undefined) throw new Error(`signalOnCommit('${topic}') needs the manager of a running transaction`);
  const known = signals.get(topic) ?? new Set();
  signals.set(topic, known);
  for (const detail of details) known.add(detail);
}

/** Who listens to which topic. */
export class CommitListeners {
  readonly #listeners = new Map<string, Set<CommitListener>>();

  add(topic: string, listener: CommitListener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls each listener of the topics once. A listener that throws is the listener's fault, not the committer's. */
  announce(signals: Iterable<readonly [string, ReadonlySet<string>]>): void {
    for (const [topic, details] of signals) {
      for (const listener of this.#listeners.get(topic) ?? []) queueMicrotask(() => listener(details));
    }
  }
}
