import { randomUUID } from 'node:crypto';
import type { BusRedis } from './scripts.js';

/** How long a partition stays with a process that says nothing any more. */
export const TENURE_MS = 3_000;
/** A process counts itself out this much earlier than Redis does: clocks run at different speeds. */
const MARGIN_MS = 200;

/**
 * One process's time as the only reader of a partition for a group. Redis keeps it as a lock with a token that fences
 * every later step; the process itself believes in it only as long as the lock is certain to stand, by a clock that
 * goes on while the process stands still.
 */
export class Tenure {
  readonly token: string;
  readonly #redis: BusRedis;
  readonly #lock: string;
  #believedUntil: number;

  private constructor(redis: BusRedis, lock: string, token: string, believedUntil: number) {
    this.#redis = redis;
    this.#lock = lock;
    this.token = token;
    this.#believedUntil = believedUntil;
  }

  /** Undefined when somebody else has it. */
  static async begin(redis: BusRedis, lock: string): Promise<Tenure | undefined> {
    const token = randomUUID();
    const until = endOfTenure();
    return (await redis.busLock(lock, token, TENURE_MS)) === 1 ? new Tenure(redis, lock, token, until) : undefined;
  }

  get isCertain(): boolean {
    return performance.now() < this.#believedUntil;
  }

  /** False when it is somebody else's, or nobody's, by now. */
  async extend(): Promise<boolean> {
    const until = endOfTenure();
    const isHeld = (await this.#redis.busExtendLock(this.#lock, this.token, TENURE_MS)) === 1;
    // An answer that comes after the belief has ended does not bring it back: what was not begun meanwhile would wait for
    // ever. The tenure is given up, and the next one takes up everything that is pending.
    if (!isHeld || !this.isCertain) return false;
    this.#believedUntil = until;
    return true;
  }

  /** Lets somebody else begin at once. */
  async end(): Promise<void> {
    this.#believedUntil = 0;
    await this.#redis.busUnlock(this.#lock, this.token);
  }
}

/** Counted from before the command is sent: Redis cannot have begun to count any earlier. */
const endOfTenure = (): number => performance.now() + TENURE_MS - MARGIN_MS;
