import { Redis } from 'ioredis';
import type { DistributedSystem } from '../support/distributed-system.js';
import type { Random } from './random.js';

/** An event as it lies in its stream: names and values in turn. */
export interface StreamedEvent {
  readonly stream: string;
  readonly position: string;
  readonly fields: readonly string[];
}

/** The installation's streams of events, behind its back: what a bug or whoever has the Redis can do to them. */
export class EventStreams {
  private constructor(private readonly redis: Redis) {}

  static async use<T>({ redis: { url } }: DistributedSystem, work: (streams: EventStreams) => Promise<T>): Promise<T> {
    const redis = new Redis(url);
    try {
      return await work(new EventStreams(redis));
    } finally {
      redis.disconnect();
    }
  }

  async names(): Promise<string[]> {
    return (await this.redis.keys('expacti:{p*}:events')).sort();
  }

  /** Everything that the streams still hold, oldest first within each stream. */
  async events(): Promise<StreamedEvent[]> {
    const names = await this.names();
    return (await Promise.all(names.map((stream) => this.#eventsOf(stream, '-')))).flat();
  }

  /** What no consumer of the group has been given yet. */
  async unreadBy(group: string): Promise<StreamedEvent[]> {
    const found: StreamedEvent[] = [];
    for (const stream of await this.names()) {
      const last = (await this.#groupsOf(stream)).find((is) => is.get('name') === group)?.get('last-delivered-id');
      found.push(...(await this.#eventsOf(stream, last === undefined ? '-' : `(${last}`)));
    }
    return found;
  }

  /** Past the check that lets an id into a stream once. */
  async add(events: readonly Pick<StreamedEvent, 'stream' | 'fields'>[]): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const { stream, fields } of events) pipeline.xadd(stream, '*', ...fields);
    await pipeline.exec();
  }

  /** Lets what the group has not read yet come in another order, if nothing was added meanwhile. */
  async reorder(group: string, random: Random): Promise<boolean> {
    await this.redis.watch(await this.names());
    const unread = await this.unreadBy(group);
    const change = this.redis.multi();
    for (const { stream, position } of unread) change.xdel(stream, position);
    for (const { stream, fields } of inAnyOrder(unread, random)) change.xadd(stream, '*', ...fields);
    return (await change.exec()) !== null;
  }

  /** Whether every group has acknowledged everything. */
  async areConsumed(): Promise<boolean> {
    for (const stream of await this.names()) {
      const newest = mapOf((await this.redis.xinfo('STREAM', stream)) as unknown[]).get('last-generated-id');
      for (const is of await this.#groupsOf(stream))
        if (is.get('pending') !== 0 || is.get('last-delivered-id') !== newest) return false;
    }
    return true;
  }

  async #eventsOf(stream: string, from: string): Promise<StreamedEvent[]> {
    const entries = await this.redis.xrange(stream, from, '+');
    return entries.map(([position, fields]) => ({ stream, position, fields }));
  }

  async #groupsOf(stream: string): Promise<ReadonlyMap<string, unknown>[]> {
    return ((await this.redis.xinfo('GROUPS', stream)) as unknown[][]).map(mapOf);
  }
}

/** In another order of all, in which those of one key have the order that they had. */
function inAnyOrder(events: readonly StreamedEvent[], random: Random): StreamedEvent[] {
  const byKey = Map.groupBy(events, (event) => fieldOf(event, 'key'));
  const turns = random.shuffled(events.map((event) => fieldOf(event, 'key')));
  return turns.flatMap((key) => byKey.get(key)?.shift() ?? []);
}

/** Another event like that one. */
export const like = ({ stream, fields }: StreamedEvent, changes: Readonly<Record<string, string>>) => ({
  stream,
  fields: [...mapOf(fields)].flatMap(([name, value]) => [name, changes[name] ?? value]),
});

export const fieldOf = ({ fields }: StreamedEvent, name: string): string => mapOf(fields).get(name) ?? '';

/** Names and values in turn, by name. */
const mapOf = <T>(flat: readonly T[]): Map<string, T> =>
  new Map(Array.from({ length: flat.length / 2 }, (_, at) => [String(flat[at * 2]), flat[at * 2 + 1] as T]));
