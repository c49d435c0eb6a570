import type { Redis } from 'ioredis';
import type { ErrorOnWire } from '../rpc-error.js';
import { OPEN_GROUP } from './scripts.js';
import { namedValues, type StreamEntry } from './stream-event.js';

/** Which replica answers: each request goes to one of the group. */
export const RESPONDERS = 'responders';

/** Requests older than this are of no use to anybody, whatever their deadline. The streams clean themselves by it. */
const KEEP_MS = 120_000;

/** The names of what requests and replies pass through. */
export class RpcKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The stream of the service that a pattern begins with. */
  requests(service: string): string {
    return `${this.#prefix}:{rpc:${service}}:requests`;
  }

  /** The channel on which one asking process hears. */
  replies(asker: string): string {
    return `${this.#prefix}:rpc:replies:${asker}`;
  }
}

/** `approvals` of `approvals.vote`. */
export const serviceOf = (pattern: string): string => pattern.split('.', 1)[0] ?? pattern;

/** A question as its stream holds it. */
export interface RequestOnWire {
  readonly call: string;
  readonly pattern: string;
  /** JSON text. */
  readonly payload: string;
  /** The channel for the reply. */
  readonly replyTo: string;
  /** Nobody waits for the answer after this, by the server's clock, in ms. */
  readonly deadline: number;
}

/** An answer as it is published. `value` is JSON text; missing for an answer of nothing. */
export interface ReplyOnWire {
  readonly call: string;
  readonly value?: string | undefined;
  readonly error?: ErrorOnWire | undefined;
}

/**
 * The deadline is a moment by the server's clock: the clocks of askers and responders need not agree. A question that was
 * held up on its way for so long that nobody waits any more (the server stood still with it in its buffer) is not asked:
 * its asker has been told that there is no answer. Goes on when the server is full: a request is short-lived, and those
 * who ask may be about to make room.
 */
const ASK = `#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[5]) then return false end
local oldest = now - ${KEEP_MS}
return redis.call('XADD', KEYS[1], 'MINID', '~', string.format('%.0f', oldest), '*',
  'call', ARGV[1], 'pattern', ARGV[2], 'payload', ARGV[3], 'reply_to', ARGV[4], 'deadline', ARGV[5])`;

export type AskingRedis = Redis & {
  rpcAsk(
    requests: string,
    call: string,
    pattern: string,
    payload: string,
    replyTo: string,
    deadline: number,
  ): Promise<string | null>;
};

export type AnsweringRedis = Redis & { rpcOpenGroup(requests: string, group: string, from: '0'): Promise<number> };

export function withAnswerScript(redis: Redis): AnsweringRedis {
  redis.defineCommand('rpcOpenGroup', { lua: OPEN_GROUP, numberOfKeys: 1 });
  return redis as AnsweringRedis;
}

export function withAskScript(redis: Redis): AskingRedis {
  redis.defineCommand('rpcAsk', { lua: ASK, numberOfKeys: 1 });
  return redis as AskingRedis;
}

/** Undefined for what is no request of ours. */
export function requestOnWire(entry: StreamEntry): RequestOnWire | undefined {
  const { call, pattern, payload, reply_to: replyTo, deadline: until } = namedValues(entry[1]);
  if (call === undefined || pattern === undefined || payload === undefined || replyTo === undefined) return undefined;
  const deadline = Number(until ?? Number.NaN);
  return Number.isFinite(deadline) ? { call, pattern, payload, replyTo, deadline } : undefined;
}
