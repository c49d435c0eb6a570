/** What is to happen, the earliest first; of two at the same time the one that was planned first. */
export class EventCalendar<T> {
  readonly #times: number[] = [];
  readonly #numbers: number[] = [];
  readonly #events: T[] = [];
  #planned = 0;

  get size(): number {
    return this.#events.length;
  }

  plan(at: number, event: T): void {
    const last = this.#events.length;
    this.#times.push(at);
    this.#numbers.push(this.#planned);
    this.#events.push(event);
    this.#planned += 1;
    this.#rise(last);
  }

  /** Undefined when nothing is planned. */
  next(): { at: number; event: T } | undefined {
    const [at] = this.#times;
    const [event] = this.#events;
    if (at === undefined || event === undefined) return undefined;
    const last = this.#events.length - 1;
    this.#swap(0, last);
    this.#times.pop();
    this.#numbers.pop();
    this.#events.pop();
    this.#sink();
    return { at, event };
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isEarlier(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#events.length && this.#isEarlier(child, least)) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isEarlier(one: number, other: number): boolean {
    const [first = 0, second = 0] = [this.#times[one], this.#times[other]];
    return first < second || (first === second && (this.#numbers[one] ?? 0) < (this.#numbers[other] ?? 0));
  }

  #swap(one: number, other: number): void {
    for (const list of [this.#times, this.#numbers, this.#events] as unknown[][])
      [list[one], list[other]] = [list[other], list[one]];
  }
}
