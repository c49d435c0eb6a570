/** Deliveries that come again come soon. */
const REMEMBERED = 20_000;

/**
 * Lets work be done once for each event, as far as this process remembers: the newest twenty thousand, and those whose work
 * is under way. For effects that are not worth a row of the inbox for each event.
 */
export class RecentEvents {
  /** By id, the oldest first. */
  readonly #works = new Map<string, Promise<void>>();

  /** Resolves when the work has been done, now or before. Rejects when it failed; it may be tried again then. */
  once(id: string, work: () => Promise<void>): Promise<void> {
    const known = this.#works.get(id);
    if (known !== undefined) return known;
    const begun = work();
    this.#works.set(id, begun);
    begun.catch(() => this.#works.delete(id));
    for (const oldest of this.#works.keys()) {
      if (this.#works.size <= REMEMBERED) break;
      this.#works.delete(oldest);
    }
    return begun;
  }
}
