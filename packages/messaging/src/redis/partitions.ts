/** How many streams the events of all orgs are spread over. More allow more consumers of one group to share the work. */
export const DEFAULT_PARTITIONS = 8;

/**
 * Which partition an org's events are in. Never change it: the events of a key would be spread over two partitions and
 * lose their order.
 */
export function partitionOf(org: string, partitions: number): number {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (let index = 0; index < org.length; index += 1) {
    hash = Math.imul(hash ^ org.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % partitions;
}

/** A partition's keys share a hash tag, so that one script may touch all of them on a Redis Cluster. */
export interface PartitionKeys {
  /** The stream of events. */
  readonly events: string;
  /** The ids of the events that the stream holds. */
  readonly ids: string;
  /** What groups have given up. */
  readonly dead: string;
  /** Who trims now. */
  readonly trimming: string;
}

/** The names of everything that a bus keeps in Redis. */
export class BusKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  partition(number: number): PartitionKeys {
    const own = `${this.#prefix}:{p${number}}`;
    return { events: `${own}:events`, ids: `${own}:ids`, dead: `${own}:dead`, trimming: `${own}:trimming` };
  }

  /** Which process reads this partition for the group. */
  owner(number: number, group: string): string {
    return `${this.#prefix}:{p${number}}:owner:${group}`;
  }

  /** The processes that consume for the group, by the time at which they last said so. */
  members(group: string): string {
    return `${this.#prefix}:{group:${group}}:members`;
  }

  /** How many partitions there are. */
  get partitions(): string {
    return `${this.#prefix}:partitions`;
  }
}
