import { randomUUID } from 'node:crypto';
import { closeRedis, openRedis, type RedisSettings, whyUnavailable } from '@expacti/redis';
import type { Redis } from 'ioredis';
import { RpcError } from '../rpc-error.js';
import { Readiness } from './readiness.js';
import { callOf, openReply, type RpcSeal, sealPayload } from './rpc-seal.js';
import { type AskingRedis, type ReplyOnWire, RpcKeys, serviceOf, withAskScript } from './rpc-wire.js';
import { ServerTime } from './server-time.js';

interface Call {
  readonly pattern: string;
  readonly resolve: (text: string | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** The asking side of one process: sends requests, and hears the replies to all of them on one channel. */
export class RpcAsker {
  readonly #keys: RpcKeys;
  readonly #channel: string;
  readonly #seal: RpcSeal;
  readonly #redis: AskingRedis;
  readonly #subscriber: Redis;
  readonly #calls = new Map<string, Call>();
  readonly #asking: Readiness;
  readonly #hearing: Readiness;
  readonly #serverTime: ServerTime;
  #subscribed: Promise<unknown> | undefined;
  #lastCall = 0;
  #isClosed = false;

  constructor(settings: RedisSettings, prefix: string, seal: RpcSeal) {
    this.#keys = new RpcKeys(prefix);
    this.#seal = seal;
    this.#channel = this.#keys.replies(randomUUID());
    // A request that may have arrived already is not sent again after a reconnect: its work would be done twice.
    this.#redis = withAskScript(openRedis(settings, 'rpc.ask', 'commands', { autoResendUnfulfilledCommands: false }));
    this.#subscriber = openRedis(settings, 'rpc.replies', 'blocking');
    this.#asking = new Readiness(this.#redis);
    this.#hearing = new Readiness(this.#subscriber);
    this.#serverTime = new ServerTime(this.#redis);
    this.#subscriber.on('message', (_channel: string, text: string) => this.#hear(text));
  }

  /** The answer as JSON text; undefined for an answer of nothing. */
  async ask(pattern: string, payload: string, timeoutMs: number): Promise<string | undefined> {
    if (this.#isClosed) throw unavailable(pattern, 'This process is closing.');
    const deadline = performance.now() + timeoutMs;
    this.#lastCall += 1;
    const call = String(this.#lastCall);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        this.#calls.set(call, { pattern, resolve, reject });
        timer = setTimeout(
          () => reject(unavailable(pattern, `No answer to ${pattern} within ${timeoutMs} ms.`)),
          timeoutMs,
        );
        this.#send(call, pattern, payload, deadline).catch((error: unknown) => {
          const detail = whyUnavailable(error);
          reject(detail === undefined ? error : unavailable(pattern, detail));
        });
      });
    } finally {
      clearTimeout(timer);
      this.#calls.delete(call);
    }
  }

  /** Whoever still waits gets an error. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { pattern, reject } of this.#calls.values()) reject(unavailable(pattern, 'This process is closing.'));
    this.#subscriber.disconnect();
    await closeRedis(this.#redis);
  }

  async #send(call: string, pattern: string, payload: string, deadline: number): Promise<void> {
    // Both connections first: nobody would hear the reply otherwise, and a request that waits for its connection would
    // be taken for a fresh one when it leaves at last.
    if (this.#subscriber.status !== 'ready' || this.#subscribed === undefined) await this.#subscribe();
    if (this.#redis.status !== 'ready') await this.#asking.ready;
    const serverNow = await this.#serverTime.now();
    const waitMs = deadline - performance.now();
    if (waitMs <= 0 || !this.#calls.has(call)) return;
    const until = Math.floor(serverNow + waitMs);
    const replyTo = this.#channel;
    const sealed = sealPayload(this.#seal, { call, pattern, replyTo }, payload);
    await this.#redis.rpcAsk(this.#keys.requests(serviceOf(pattern)), call, pattern, sealed, replyTo, until);
  }

  /** ioredis subscribes again by itself after a reconnect, before it says that it is ready. */
  async #subscribe(): Promise<void> {
    await this.#hearing.ready;
    this.#subscribed ??= this.#subscriber.subscribe(this.#channel).catch((error: unknown) => {
      this.#subscribed = undefined;
      throw error;
    });
    await this.#subscribed;
  }

  /** A reply that nobody waits for any more is dropped. */
  #hear(text: string): void {
    const id = callOf(text);
    const call = this.#calls.get(id);
    if (call === undefined) return;
    const { pattern } = call;
    let reply: ReplyOnWire;
    try {
      reply = openReply(this.#seal, { call: id, pattern, replyTo: this.#channel }, text);
    } catch {
      call.reject(unavailable(pattern, `The answer to ${pattern} does not open: it was sealed with another key.`));
      return;
    }
    if (reply.error === undefined) call.resolve(reply.value);
    else call.reject(new RpcError(pattern, reply.error));
  }
}

function unavailable(pattern: string, detail: string): RpcError {
  return new RpcError(pattern, { code: 'UNAVAILABLE', detail });
}
