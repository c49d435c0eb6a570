import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { closeRedis, DEFAULT_PREFIX, openRedis, type RedisSettings } from '@expacti/redis';
import type { ReportRpcError } from '../embedded/embedded-rpc.js';
import { DEFAULT_RPC_TIMEOUT_MS, type Rpc, type RpcResponder } from '../rpc.js';
import { RpcAnswerer } from './rpc-answerer.js';
import { RpcAsker } from './rpc-asker.js';
import { type RpcSeal, UNSEALED } from './rpc-seal.js';
import { type AnsweringRedis, RpcKeys, serviceOf, withAnswerScript } from './rpc-wire.js';

export interface RedisRpcOptions {
  readonly settings: RedisSettings;
  /** Told of errors that an asker only sees as `INTERNAL`, and of trouble with reading requests and sending replies. */
  readonly report?: ReportRpcError;
  /** Requests of one service that this process works on at the same time. Default 128. */
  readonly concurrency?: number;
  /** For the payloads of all questions and answers; the same in all processes. Default: they cross as they are. */
  readonly seal?: RpcSeal;
}

/** What a process needs that answers anything. */
interface Answering {
  readonly redis: AnsweringRedis;
  /** By service. */
  readonly answerers: Map<string, RpcAnswerer>;
}

/**
 * Request and reply between processes. The first part of a pattern names the service; each service has one stream of
 * requests, which its replicas share. Replies go to the asking process by publish and subscribe.
 *
 * Neither survives what the deadline of the asker does not: a request that a killed process had taken, or a reply that
 * was sent while the asker was reconnecting, reads as `UNAVAILABLE`. A request is never handed out twice.
 */
export class RedisRpc implements Rpc {
  readonly #settings: RedisSettings;
  readonly #prefix: string;
  readonly #report: ReportRpcError;
  readonly #concurrency: number;
  readonly #seal: RpcSeal;
  readonly #consumer = `${hostname()}.${process.pid}.${randomBytes(4).toString('hex')}`;
  readonly #responders = new Map<string, RpcResponder>();
  readonly #closing = new Set<Promise<void>>();
  #asker: RpcAsker | undefined;
  #answering: Answering | undefined;
  #isStarting = false;
  #isClosed = false;

  constructor(options: RedisRpcOptions) {
    this.#settings = options.settings;
    this.#prefix = options.settings.prefix ?? DEFAULT_PREFIX;
    this.#report = options.report ?? (() => undefined);
    this.#concurrency = options.concurrency ?? 128;
    this.#seal = options.seal ?? UNSEALED;
  }

  async request<T>(pattern: string, payload: unknown, options: { readonly timeoutMs?: number } = {}): Promise<T> {
    this.#asker ??= new RpcAsker(this.#settings, this.#prefix, this.#seal);
    const timeoutMs = options.timeoutMs ?? DEFAULT_RPC_TIMEOUT_MS;
    const text = await this.#asker.ask(pattern, JSON.stringify(payload ?? null), timeoutMs);
    return (text === undefined ? undefined : JSON.parse(text)) as T;
  }

  respond(pattern: string, responder: RpcResponder): () => void {
    if (this.#responders.has(pattern)) throw new Error(`'${pattern}' has a responder already`);
    this.#responders.set(pattern, responder);
    this.#startSoon();
    return () => {
      if (this.#responders.get(pattern) !== responder) return;
      this.#responders.delete(pattern);
      this.#startSoon();
    };
  }

  /** Takes no more requests, answers those that were taken, and fails those that are still waited for. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#responders.clear();
    this.#adjust();
    await Promise.all(this.#closing);
    await this.#asker?.close();
    if (this.#answering !== undefined) await closeRedis(this.#answering.redis);
  }

  /** Not at once: the other responders of a service are registered in the same breath, and none must seem unknown. */
  #startSoon(): void {
    if (this.#isStarting || this.#isClosed) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      if (!this.#isClosed) this.#adjust();
    });
  }

  /**
   * Reads the requests of those services that have a responder here, and of no others. One that has none any more
   * answers with those that it had what it took before it stopped.
   */
  #adjust(): void {
    const byService = Map.groupBy(this.#responders, ([pattern]) => serviceOf(pattern));
    for (const [service, responders] of byService) this.#answer(service, new Map(responders));
    for (const [service, answerer] of this.#answering?.answerers ?? []) {
      if (byService.has(service)) continue;
      this.#answering?.answerers.delete(service);
      const closed = answerer.close().finally(() => this.#closing.delete(closed));
      this.#closing.add(closed);
    }
  }

  #answer(service: string, responders: ReadonlyMap<string, RpcResponder>): void {
    this.#answering ??= { redis: withAnswerScript(openRedis(this.#settings, 'rpc.answer')), answerers: new Map() };
    const { redis, answerers } = this.#answering;
    const known = answerers.get(service);
    if (known !== undefined) {
      known.use(responders);
      return;
    }
    const options = {
      settings: this.#settings,
      service,
      stream: new RpcKeys(this.#prefix).requests(service),
      redis,
      consumer: this.#consumer,
      concurrency: this.#concurrency,
      report: this.#report,
      seal: this.#seal,
    };
    answerers.set(service, new RpcAnswerer(options, responders));
  }
}
