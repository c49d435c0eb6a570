/** How long handlers may be started before sockets and timers have their turn. */
const LONGEST_TURN_MS = 2;

/** Lets only so many tasks run at a time, first come, first served. */
export class Gate {
  readonly #limit: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #isYielding = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The task must not reject. */
  enter(task: () => Promise<void>): void {
    this.#waiting.push(task);
    this.#start();
  }

  /** Tasks begin at once, so that many of them in a row would hold up everything else. */
  #start(): void {
    if (this.#isYielding) return;
    const start = performance.now();
    while (this.#running < this.#limit) {
      const task = this.#waiting.shift();
      if (task === undefined) return;
      this.#running += 1;
      void task().then(() => {
        this.#running -= 1;
        this.#start();
      });
      if (performance.now() - start > LONGEST_TURN_MS) {
        this.#isYielding = true;
        setImmediate(() => {
          this.#isYielding = false;
          this.#start();
        });
        return;
      }
    }
  }
}
