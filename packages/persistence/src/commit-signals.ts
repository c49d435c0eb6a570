import type { EntityManager, QueryRunner } from 'typeorm';

const topicsOfRunningUnits = new WeakMap<QueryRunner, Set<string>>();

/** Opens the set of topics that one unit of work announces when it commits. For adapters. */
export function openSignals(runner: QueryRunner): Set<string> {
  const topics = new Set<string>();
  topicsOfRunningUnits.set(runner, topics);
  return topics;
}

/**
 * Asks that the listeners of `topic` be called once this transaction has committed. A rolled back transaction calls
 * nobody. `manager` must be the one that `Database.transaction` gave.
 */
export function signalOnCommit(manager: EntityManager, topic: string): void {
  const topics = manager.queryRunner === undefined ? undefined : topicsOfRunningUnits.get(manager.queryRunner);
  if (topics === undefined) throw new Error(`signalOnCommit('${topic}') needs the manager of a running transaction`);
  topics.add(topic);
}

/** Who listens to which topic. */
export class CommitListeners {
  readonly #listeners = new Map<string, Set<() => void>>();

  add(topic: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls each listener of the topics once. A listener that throws is the listener's fault, not the committer's. */
  announce(topics: Iterable<string>): void {
    for (const topic of topics) {
      for (const listener of this.#listeners.get(topic) ?? []) queueMicrotask(listener);
    }
  }
}
