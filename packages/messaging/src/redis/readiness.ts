import type { Redis } from 'ioredis';

/** Lets many wait for one connection to be usable. */
export class Readiness {
  readonly #redis: Redis;
  #next: Promise<void> | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Settles when the connection can be used, which may be never: whoever waits has a deadline of their own. */
  get ready(): Promise<void> {
    if (this.#redis.status === 'ready') return Promise.resolve();
    this.#next ??= new Promise<void>((resolve) => this.#redis.once('ready', () => resolve())).finally(() => {
      this.#next = undefined;
    });
    return this.#next;
  }
}
