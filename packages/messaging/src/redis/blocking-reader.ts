import { openRedis, type RedisSettings } from '@expacti/redis';
import type { Redis } from 'ioredis';

/** How long a read waits at the server. Short, so that whatever nobody interrupts ends by itself. */
export const BLOCK_MS = 1_000;
/** A server that does not even say "nothing" by then is gone, however open the connection looks. */
const SILENCE_MS = BLOCK_MS + 9_000;
const UNBLOCK_EVERY_MS = 20;
const PAUSE_AFTER_FAILURE_MS = 250;

/**
 * A connection that waits at the server for something to read, again and again, until it is stopped. It survives
 * restarts of the server. On a Redis Cluster there would be one for each node, reading the streams of its slots.
 */
export class BlockingReader {
  readonly #redis: Redis;
  readonly #commands: Redis;
  readonly #onFailure: (error: unknown) => void;
  #clientId: number | undefined;
  #isStopped = false;
  #running: Promise<void> | undefined;
  #wakeUp: () => void = () => undefined;

  /**
   * @param commands another connection to the same server, to end a wait by
   * @param onFailure told of each read that failed; reading goes on
   */
  constructor(settings: RedisSettings, name: string, commands: Redis, onFailure: (error: unknown) => void) {
    this.#redis = openRedis(settings, name, 'blocking', { socketTimeout: SILENCE_MS });
    this.#commands = commands;
    this.#onFailure = onFailure;
    this.#redis.on('close', () => {
      this.#clientId = undefined;
    });
  }

  /** Calls `read` over and over; it should wait no longer than `BLOCK_MS`. */
  start(read: (redis: Redis) => Promise<void>): void {
    this.#running ??= this.#readForever(read);
  }

  /** Ends reading; what a read has got by then is still handed over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wakeUp();
    const running = this.#running ?? Promise.resolve();
    let hasEnded = false;
    const ended = running.finally(() => {
      hasEnded = true;
    });
    const start = performance.now();
    while (!hasEnded && performance.now() - start < BLOCK_MS + 200) {
      await this.#unblock();
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, UNBLOCK_EVERY_MS))]);
    }
    // Not QUIT: a server that stands still would never answer it.
    this.#redis.disconnect();
  }

  async #readForever(read: (redis: Redis) => Promise<void>): Promise<void> {
    while (!this.#isStopped) {
      try {
        this.#clientId ??= await this.#redis.client('ID');
        await read(this.#redis);
      } catch (error) {
        if (this.#isStopped) return;
        this.#onFailure(error);
        await this.#pause();
      }
    }
  }

  async #unblock(): Promise<void> {
    if (this.#clientId === undefined || this.#commands.status !== 'ready') return;
    // Not waiting at this moment, or another server's client by now: no harm done.
    await this.#commands.client('UNBLOCK', this.#clientId).catch(() => undefined);
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PAUSE_AFTER_FAILURE_MS);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
