/**
 * Decisions that were made from memory and are not yet answered. A tightening change is acknowledged only after those
 * that began before it are through: none of them may reach an agent after the change was said to be in force.
 */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  /** Runs the work; it counts as begun before it reads anything that a change could make stale. */
  async track<T>(begin: () => Promise<T>): Promise<T> {
    const work = begin();
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /** Resolves when everything that runs now has ended, however it ended. */
  async drained(): Promise<void> {
    await Promise.allSettled([...this.#running]);
  }
}
