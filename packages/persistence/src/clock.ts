/** Time as an argument: production passes `systemClock`, tests a clock that they turn by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
  /**
   * Milliseconds since some beginning; never goes back and never jumps, whoever sets the wall clock. For how long ago
   * something was. It may stand still while the machine is suspended.
   */
  elapsed(): number;
  /** Runs `task` once, about `delayMs` from now. Returns what cancels it; cancelling twice is harmless. */
  schedule(delayMs: number, task: () => void): () => void;
}

/** The longest delay a Node timer keeps; anything above would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
