import type { RedisSettings } from '@expacti/redis';
import type { Redis } from 'ioredis';
import type { ReportRpcError } from '../embedded/embedded-rpc.js';
import type { RpcResponder } from '../rpc.js';
import { type ErrorOnWire, errorOnWire } from '../rpc-error.js';
import { BLOCK_MS, BlockingReader } from './blocking-reader.js';
import { openPayload, type RpcSeal, replyMessage } from './rpc-seal.js';
import { type AnsweringRedis, RESPONDERS, type ReplyOnWire, type RequestOnWire, requestOnWire } from './rpc-wire.js';
import { ServerTime } from './server-time.js';
import type { StreamEntry } from './stream-event.js';

/** Requests taken at once: few, so that replicas share a burst. */
const READ_SIZE = 32;

export interface RpcAnswererOptions {
  readonly settings: RedisSettings;
  readonly service: string;
  readonly stream: string;
  /** For replies, and to make the group. */
  readonly redis: AnsweringRedis;
  /** The name of this process among the responders. */
  readonly consumer: string;
  /** Requests that are worked on at the same time; beyond that none is taken, and another replica may. */
  readonly concurrency: number;
  readonly report: ReportRpcError;
  readonly seal: RpcSeal;
}

/** Answers the requests of one service. Each is taken by one process, once: what a killed one had taken is not answered. */
export class RpcAnswerer {
  readonly #options: RpcAnswererOptions;
  readonly #reader: BlockingReader;
  readonly #serverTime: ServerTime;
  readonly #running = new Set<Promise<void>>();
  #responders: ReadonlyMap<string, RpcResponder>;
  #hasGroup = false;

  constructor(options: RpcAnswererOptions, responders: ReadonlyMap<string, RpcResponder>) {
    this.#options = options;
    this.#responders = responders;
    this.#serverTime = new ServerTime(options.redis);
    this.#reader = new BlockingReader(options.settings, `rpc.${options.service}`, options.redis, (error) => {
      // Somebody has emptied the server.
      if (String(error).includes('NOGROUP')) this.#hasGroup = false;
      options.report(`${options.service}.*`, error);
    });
    this.#reader.start((redis) => this.#read(redis));
  }

  /** From now on these answer. */
  use(responders: ReadonlyMap<string, RpcResponder>): void {
    this.#responders = responders;
  }

  /** Takes nothing more, and answers what was taken. */
  async close(): Promise<void> {
    await this.#reader.stop();
    await Promise.all(this.#running);
  }

  async #read(redis: Redis): Promise<void> {
    if (!this.#hasGroup) await this.#makeGroup();
    const { stream, consumer, concurrency } = this.#options;
    const room = concurrency - this.#running.size;
    if (room <= 0) {
      await Promise.race(this.#running);
      return;
    }
    const count = Math.min(room, READ_SIZE);
    // Not pending afterwards: a request is never handed out twice.
    const found = await redis.xreadgroup(
      ...(['GROUP', RESPONDERS, consumer, 'COUNT', count, 'BLOCK', BLOCK_MS, 'NOACK', 'STREAMS', stream, '>'] as const),
    );
    if (found === null) return;
    const now = await this.#serverTime.now();
    for (const [, entries] of found as [string, StreamEntry[]][]) for (const entry of entries) this.#take(entry, now);
  }

  /** From the beginning: what was asked before any responder was there may still be waited for. */
  async #makeGroup(): Promise<void> {
    const { redis, stream } = this.#options;
    await redis.rpcOpenGroup(stream, RESPONDERS, '0');
    this.#hasGroup = true;
  }

  #take(entry: StreamEntry, now: number): void {
    const request = requestOnWire(entry);
    // Nobody waits any more: the work would be done for nothing, or against what was decided since.
    if (request === undefined || request.deadline < now) return;
    const work: Promise<void> = this.#answer(request).finally(() => {
      this.#running.delete(work);
    });
    this.#running.add(work);
  }

  async #answer(request: RequestOnWire): Promise<void> {
    const { seal, redis, report } = this.#options;
    const reply = await this.#replyTo(request);
    try {
      await redis.publish(request.replyTo, replyMessage(seal, request, reply));
    } catch (error) {
      // The asker's deadline tells it.
      report(request.pattern, error);
    }
  }

  async #replyTo(request: RequestOnWire): Promise<ReplyOnWire> {
    const { call, pattern } = request;
    const responder = this.#responders.get(pattern);
    if (responder === undefined)
      return { call, error: { code: 'UNAVAILABLE', detail: `Nobody answers ${pattern} now.` } };
    let payload: string;
    try {
      payload = openPayload(this.#options.seal, request, request.payload);
    } catch (error) {
      this.#options.report(pattern, error);
      return { call, error: { code: 'UNAVAILABLE', detail: `${pattern} was asked under a seal that does not open.` } };
    }
    try {
      return { call, value: JSON.stringify(await responder(JSON.parse(payload))) };
    } catch (error) {
      return { call, error: this.#told(pattern, error) };
    }
  }

  #told(pattern: string, error: unknown): ErrorOnWire {
    const wire = errorOnWire(error);
    if (wire.code === 'INTERNAL') this.#options.report(pattern, error);
    return wire;
  }
}
