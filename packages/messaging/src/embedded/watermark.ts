/**
 * Up to which position everything is acknowledged, when acknowledgements come in any order. Positions are held in
 * growing order, and each is released once.
 */
export class Watermark {
  readonly #held: number[] = [];
  readonly #released = new Set<number>();
  #first = 0;
  #lastRead = 0;

  /** The newest position that was read. */
  get lastRead(): number {
    return this.#lastRead;
  }

  read(position: number): void {
    this.#lastRead = position;
  }

  hold(position: number): void {
    this.#held.push(position);
  }

  /** Releasing a position that is not held (a parked one) changes nothing. */
  release(position: number): void {
    const oldest = this.#held[this.#first];
    if (oldest === undefined || position < oldest) return;
    this.#released.add(position);
    for (;;) {
      const next = this.#held[this.#first];
      if (next === undefined || !this.#released.delete(next)) break;
      this.#first += 1;
    }
    if (this.#first > 1_000 && this.#first * 2 > this.#held.length) {
      this.#held.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** Everything up to here needs no further delivery from the log. */
  get acknowledged(): number {
    const oldest = this.#held[this.#first];
    return oldest === undefined ? this.#lastRead : oldest - 1;
  }
}
