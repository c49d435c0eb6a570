import { Redis, type RedisOptions } from 'ioredis';

/** A command was refused at once: the server has been away for longer than anybody waits. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
}

/** Replies keep the shape that the types of ioredis give them. */
export type ReadableOptions = RedisOptions & { replyMapping?: 'legacy' };

/** What ioredis itself sends while it connects. */
const HANDSHAKE = new Set(['hello', 'auth', 'select', 'client', 'readonly', 'info']);

/**
 * ioredis keeps whatever is sent while the server is away, also long after its sender has given up: an outage would
 * fill the memory, and its end would flood the server with commands that nobody waits for. This connection keeps them
 * for the first `patienceMs` of an outage only (so a restart of the server is a delay and no error), and refuses at once
 * after that.
 */
export class ImpatientRedis extends Redis {
  /**
   * Since when there is no usable connection, by `performance.now()`. A server is not away before it has been looked for:
   * a process that starts on a busy machine may get to that late.
   */
  #awaySince: number | undefined;
  readonly #patienceMs: number;
  #isDisconnected = false;

  constructor(url: string, options: ReadableOptions, patienceMs: number) {
    super(url, options);
    this.#patienceMs = patienceMs;
    this.on('ready', () => {
      this.#awaySince = undefined;
    });
    this.on('close', () => {
      this.#awaySince ??= performance.now();
    });
  }

  /** Final, also between two attempts to reconnect, where ioredis would keep on queueing. */
  override disconnect(reconnect = false): void {
    if (!reconnect) this.#isDisconnected = true;
    super.disconnect(reconnect);
  }

  override sendCommand(...sent: Parameters<Redis['sendCommand']>): unknown {
    const [command] = sent;
    const reason = this.#refusal();
    if (reason === undefined || HANDSHAKE.has(command.name)) return super.sendCommand(...sent);
    command.reject(reason);
    return command.promise;
  }

  #refusal(): Error | undefined {
    // The constructor above this one sends, too.
    if (!(#awaySince in this)) return undefined;
    if (this.#isDisconnected) return new Error('Connection is closed.');
    const isLost = this.#awaySince !== undefined && performance.now() - this.#awaySince > this.#patienceMs;
    return isLost ? new RedisAway('Redis cannot be reached') : undefined;
  }
}
