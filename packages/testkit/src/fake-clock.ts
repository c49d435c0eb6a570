import type { Clock } from '@expacti/persistence';

interface Timer {
  /** By `elapsed`: setting the wall clock moves no timer. */
  readonly dueAt: number;
  readonly task: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  /** What the wall clock said when `elapsed` was 0. */
  #beginning: number;
  #elapsed = 0;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#beginning = now;
  }

  now(): number {
    return this.#beginning + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const timer = { dueAt: this.#elapsed + Math.max(delayMs, 0), task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are waiting. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass and runs, in order, what falls due, also what the due tasks schedule within that time. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.dueAt > end) break;
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.dueAt);
      next.task();
    }
    this.#elapsed = end;
  }

  /** Somebody sets the wall clock, ahead or (below zero) back, or the machine was suspended: no time has `elapsed`. */
  setWallClock(byMs: number): void {
    this.#beginning += byMs;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.dueAt < next.dueAt) next = timer;
    return next;
  }
}
