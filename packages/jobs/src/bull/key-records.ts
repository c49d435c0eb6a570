import type { Redis } from 'ioredis';
import { type KeyedTurn, type Plan, planOf, turnId } from './turn.js';

/** How a turn stands: the one that counts, the one that was given up last, or one that was moved, cancelled or done. */
export type Standing = 'current' | 'given_up' | 'outdated';

/**
 * A record outlives the giving up of its job this long: a worker that dies between writing it down here and telling
 * BullMQ leaves a job that runs again, and must not be taken for a cancelled one.
 */
const GIVEN_UP_KEPT_MS = 30 * 24 * 3_600_000;

// In each script that writes, what needs memory comes first: a full server refuses that, and then nothing has changed.

const READ = `
  local record = redis.call('HMGET', KEYS[1], 'id', 'revision', 'given_up')
  local waits = record[1] and record[2] ~= record[3]
  local isCurrent = waits and record[1] == ARGV[1] and record[2] == ARGV[2]`;

const PUT = `${READ}
  local id, revision = ARGV[1], 1
  if waits then id, revision = record[1], record[2] + 1 end
  redis.call('HSET', KEYS[1], 'id', id, 'revision', revision, 'plan', ARGV[3])
  redis.call('HDEL', KEYS[1], 'given_up')
  redis.call('PERSIST', KEYS[1])
  return { id, revision }`;

const REMOVE = `${READ}
  redis.call('DEL', KEYS[1])
  if waits then return { record[1], tonumber(record[2]) } end
  return false`;

const END = `${READ}
  if not isCurrent then return 0 end
  return redis.call('DEL', KEYS[1])`;

const REPEAT = `${READ}
  if not isCurrent then return 0 end
  redis.call('HSET', KEYS[1], 'revision', record[2] + 1, 'plan', ARGV[3])
  if ARGV[4] == 'given_up' then redis.call('HSET', KEYS[1], 'given_up', record[2]) end
  return 1`;

const GIVE_UP = `${READ}
  if not isCurrent then return 0 end
  redis.call('HSET', KEYS[1], 'given_up', record[2])
  return redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

const RESTORE = `${READ}
  if waits and not isCurrent then return 0 end
  redis.call('HSET', KEYS[1], 'id', ARGV[1], 'revision', ARGV[2], 'plan', ARGV[3])
  redis.call('HDEL', KEYS[1], 'given_up')
  redis.call('PERSIST', KEYS[1])
  return 1`;

/**
 * For each name and key, which turn counts and what it is to do. This is the truth; jobs of BullMQ only wake somebody.
 * Each change is one script, so that of any number of processes that change a key at once each sees a whole state.
 * `end`, `repeat` and `giveUp` do nothing to a record whose current turn is another one.
 */
export class KeyRecords {
  readonly #redis: Redis;
  readonly #prefix: string;

  /** @param prefix begins the records' names; with the hash tag of the queues */
  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** Moves the job that waits for the key, or begins one with `newId`. `replaced` is the id of the turn that waited. */
  async put(name: string, key: string, newId: string, plan: Plan): Promise<{ turn: KeyedTurn; replaced?: string }> {
    const [id, revision] = (await this.#run(PUT, name, key, newId, 0, text(plan))) as [string, number];
    const turn = { ...plan, id, key, revision };
    return revision === 1 ? { turn } : { turn, replaced: turnId({ id, revision: revision - 1 }) };
  }

  /** The id of the turn that waited. */
  async remove(name: string, key: string): Promise<string | undefined> {
    const removed = (await this.#run(REMOVE, name, key, '', 0)) as [string, number] | null;
    return removed === null ? undefined : turnId({ id: removed[0], revision: removed[1] });
  }

  /** The turn that waits or runs for the key, if any. */
  async find(name: string, key: string): Promise<KeyedTurn | undefined> {
    const { id, revision, plan, given_up } = await this.#redis.hgetall(this.#name(name, key));
    if (id === undefined || revision === undefined || plan === undefined || revision === given_up) return undefined;
    return { ...(JSON.parse(plan) as Plan), id, key, revision: Number(revision) };
  }

  async standing(name: string, turn: KeyedTurn): Promise<Standing> {
    const [id, revision, givenUp] = await this.#redis.hmget(this.#name(name, turn.key), 'id', 'revision', 'given_up');
    if (id !== turn.id) return 'outdated';
    if (givenUp === String(turn.revision)) return 'given_up';
    return revision === String(turn.revision) ? 'current' : 'outdated';
  }

  /** The turn is done, and nothing comes after it. */
  async end(name: string, turn: KeyedTurn): Promise<void> {
    await this.#run(END, name, turn.key, turn.id, turn.revision);
  }

  /** The turn is over and the next one begins. */
  async repeat(name: string, turn: KeyedTurn, dueAt: number, how: 'done' | 'given_up'): Promise<void> {
    await this.#run(REPEAT, name, turn.key, turn.id, turn.revision, text({ ...planOf(turn), dueAt }), how);
  }

  /** The turn has failed for the last time, and nothing comes after it. */
  async giveUp(name: string, turn: KeyedTurn): Promise<void> {
    await this.#run(GIVE_UP, name, turn.key, turn.id, turn.revision, GIVEN_UP_KEPT_MS);
  }

  /** Lets a turn that was given up count again. False when another job waits for the key. */
  async restore(name: string, turn: KeyedTurn): Promise<boolean> {
    return (await this.#run(RESTORE, name, turn.key, turn.id, turn.revision, text(planOf(turn)))) === 1;
  }

  #run(script: string, name: string, key: string, ...values: (string | number)[]): Promise<unknown> {
    return this.#redis.eval(script, 1, this.#name(name, key), ...values);
  }

  /** An encoded name has no colon, so that no two pairs of name and key meet. */
  #name(name: string, key: string): string {
    return `${this.#prefix}:${encodeURIComponent(name)}:${key}`;
  }
}

const text = (plan: Plan): string => JSON.stringify(plan);
