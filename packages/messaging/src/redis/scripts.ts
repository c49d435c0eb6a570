import type { Redis } from 'ioredis';
import type { StreamEntry } from './stream-event.js';

/**
 * What must happen in Redis at once or not at all. Each script touches the keys of one partition (or of one group).
 *
 * `allow-oom` marks what must go on when the server is full: whoever could not own a partition, read from it or
 * acknowledge could not make room in it either. Publishing is refused then, as a whole and before anything is written.
 *
 * After a lost connection ioredis sends again what was not answered, so each may run twice; each but `TAKE` then has no
 * further effect. (What the first run of that took is pending: see `PartitionReader`.)
 *
 * What a process does for a partition is fenced by its owner's token: one that stood still for so long that somebody
 * else has taken over gets null, and has changed nothing. Needs Redis 7 (script flags).
 */

const ONLY_THE_OWNER = `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return false end`;

const EVENT_NAMES = ['id', 'type', 'org', 'key', 'at', 'payload'];
/** Lua: the arguments from `first` on as the fields of an event. */
const eventFrom = (first: string): string =>
  EVENT_NAMES.map((name, index) => `'${name}', ARGV[${first} + ${index}]`).join(', ');

const PUBLISH = `#!lua
for i = 1, #ARGV, ${EVENT_NAMES.length} do
  if redis.call('SADD', KEYS[2], ARGV[i]) == 1 then
    local added = redis.pcall('XADD', KEYS[1], '*', ${eventFrom('i')})
    if type(added) == 'table' then
      redis.call('SREM', KEYS[2], ARGV[i])
      return added
    end
  end
end
return 1`;

/** Makes a group of a stream, and the stream, where there is none. */
export const OPEN_GROUP = `#!lua flags=allow-oom
local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], ARGV[2], 'MKSTREAM')
if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
return 1`;

const MEET = `#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return redis.call('ZCARD', KEYS[1])`;

const LOCK = `#!lua flags=allow-oom
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0`;

const EXTEND_LOCK = `#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const UNLOCK = `#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

const TAKE = `#!lua flags=allow-oom
${ONLY_THE_OWNER}
local read = redis.call('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', ARGV[4], 'STREAMS', KEYS[1], '>')
if not read then return {} end
return read[1][2]`;

// An entry that was trimmed while pending is not claimed; Redis forgets it then.
const RECLAIM = `#!lua flags=allow-oom
${ONLY_THE_OWNER}
local pending = redis.call('XPENDING', KEYS[1], ARGV[2], ARGV[4], '+', ARGV[5])
local taken = {}
for i = 1, #pending do
  local claimed = redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[3], 0, pending[i][1], 'RETRYCOUNT', pending[i][4])
  if claimed[1] then taken[#taken + 1] = {pending[i][4], claimed[1]} end
end
return {#pending > 0 and pending[#pending][1] or '', taken}`;

const ACKNOWLEDGE = `#!lua flags=allow-oom
${ONLY_THE_OWNER}
return redis.call('XACK', KEYS[1], ARGV[2], unpack(ARGV, 3))`;

const COUNT_FAILURE = `#!lua flags=allow-oom
${ONLY_THE_OWNER}
redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[3], 0, ARGV[4], 'RETRYCOUNT', ARGV[5], 'JUSTID')
return 1`;

const BURY = `#!lua flags=allow-oom
${ONLY_THE_OWNER}
if redis.call('XACK', KEYS[1], ARGV[2], ARGV[3]) == 0 then return 1 end
redis.call('XADD', KEYS[3], '*', 'group', ARGV[2], 'attempts', ARGV[4], 'died_at', ARGV[5], 'error', ARGV[6], ${eventFrom('7')})
return 1`;

const REPLAY = `#!lua flags=allow-oom
local letter = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not letter then return 0 end
local is = {}
for i = 1, #letter[2], 2 do is[letter[2][i]] = letter[2][i + 1] end
redis.call('XADD', KEYS[2], '*', ${EVENT_NAMES.map((name) => `'${name}', is['${name}']`).join(', ')}, 'only_for', is['group'])
redis.call('XDEL', KEYS[1], ARGV[1])
return 1`;

// Removes at most ARGV[2] of the oldest events: none that a group has not acknowledged, none of the newest ARGV[1], none
// that is younger than ARGV[3] milliseconds.
const TRIM = `#!lua flags=allow-oom
local surplus = math.min(redis.call('XLEN', KEYS[1]) - ARGV[1], ARGV[2])
if surplus <= 0 then return 0 end
local function before(a, b)
  local ams, aseq = string.match(a, '^(%d+)-(%d+)$')
  local bms, bseq = string.match(b, '^(%d+)-(%d+)$')
  if ams ~= bms then return tonumber(ams) < tonumber(bms) end
  return tonumber(aseq) < tonumber(bseq)
end
local needed, passed
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #flat, 2 do group[flat[i]] = flat[i + 1] end
  local last = group['last-delivered-id']
  if not passed or before(last, passed) then passed = last end
  if group['pending'] > 0 then
    local oldest = redis.call('XPENDING', KEYS[1], group['name'])[2]
    if not needed or before(oldest, needed) then needed = oldest end
  end
end
if not passed then return 0 end
local time = redis.call('TIME')
local old = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[3]
local gone = redis.call('XRANGE', KEYS[1], '-', passed, 'COUNT', surplus)
local removed = 0
for _, entry in ipairs(gone) do
  if needed and not before(entry[1], needed) then break end
  if tonumber(string.match(entry[1], '^%d+')) > old then break end
  removed = removed + 1
  local is = {}
  for i = 1, #entry[2], 2 do is[entry[2][i]] = entry[2][i + 1] end
  -- A replayed dead letter is not in the set for its own sake.
  if is['id'] and not is['only_for'] then redis.call('SREM', KEYS[2], is['id']) end
end
if removed > 0 then redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', redis.call('XLEN', KEYS[1]) - removed) end
return removed`;

// A consumer of a process that has ended; one with deliveries of its own stays: deleting it would delete them.
const FORGET_CONSUMERS = `#!lua flags=allow-oom
local forgotten = 0
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #flat, 2 do consumer[flat[i]] = flat[i + 1] end
  if consumer['pending'] == 0 and consumer['idle'] > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
    forgotten = forgotten + 1
  end
end
return forgotten`;

/** The scripts as commands of a connection. Null is the answer to a process that is not the owner any more. */
export interface BusScripts {
  busPublish(events: string, ids: string, ...values: string[]): Promise<number>;
  busOpenGroup(events: string, group: string, from: '0' | '$'): Promise<number>;
  /** The number of processes that consume for the group, this one included. */
  busMeet(members: string, consumer: string, forgetAfterMs: number): Promise<number>;
  busLock(lock: string, token: string, ttlMs: number): Promise<number>;
  busExtendLock(lock: string, token: string, ttlMs: number): Promise<number>;
  busUnlock(lock: string, token: string): Promise<number>;
  busTake(
    events: string,
    owner: string,
    token: string,
    group: string,
    consumer: string,
    count: number,
  ): Promise<StreamEntry[] | null>;
  /** Up to where it looked (empty at the end), and what is to be delivered again, with how often it was delivered. */
  busReclaim(
    events: string,
    owner: string,
    token: string,
    group: string,
    consumer: string,
    from: string,
    count: number,
  ): Promise<[last: string, entries: [deliveries: number, entry: StreamEntry][]] | null>;
  busAcknowledge(events: string, owner: string, token: string, group: string, ...ids: string[]): Promise<number | null>;
  busCountFailure(
    events: string,
    owner: string,
    token: string,
    group: string,
    consumer: string,
    id: string,
    deliveries: number,
  ): Promise<number | null>;
  busBury(
    events: string,
    owner: string,
    dead: string,
    token: string,
    group: string,
    id: string,
    attempts: number,
    diedAt: number,
    error: string,
    ...values: string[]
  ): Promise<number | null>;
  busReplay(dead: string, events: string, id: string): Promise<number>;
  busTrim(events: string, ids: string, keepNewest: number, atMost: number, keepForMs: number): Promise<number>;
  busForgetConsumers(events: string, group: string, idleMs: number): Promise<number>;
}

const SCRIPTS: Record<keyof BusScripts, { lua: string; numberOfKeys: number }> = {
  busPublish: { lua: PUBLISH, numberOfKeys: 2 },
  busOpenGroup: { lua: OPEN_GROUP, numberOfKeys: 1 },
  busMeet: { lua: MEET, numberOfKeys: 1 },
  busLock: { lua: LOCK, numberOfKeys: 1 },
  busExtendLock: { lua: EXTEND_LOCK, numberOfKeys: 1 },
  busUnlock: { lua: UNLOCK, numberOfKeys: 1 },
  busTake: { lua: TAKE, numberOfKeys: 2 },
  busReclaim: { lua: RECLAIM, numberOfKeys: 2 },
  busAcknowledge: { lua: ACKNOWLEDGE, numberOfKeys: 2 },
  busCountFailure: { lua: COUNT_FAILURE, numberOfKeys: 2 },
  busBury: { lua: BURY, numberOfKeys: 3 },
  busReplay: { lua: REPLAY, numberOfKeys: 2 },
  busTrim: { lua: TRIM, numberOfKeys: 2 },
  busForgetConsumers: { lua: FORGET_CONSUMERS, numberOfKeys: 1 },
};

export type BusRedis = Redis & BusScripts;

/** Teaches a connection the scripts. */
export function withBusScripts(redis: Redis): BusRedis {
  for (const [name, script] of Object.entries(SCRIPTS)) redis.defineCommand(name, script);
  return redis as BusRedis;
}
