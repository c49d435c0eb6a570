import type { Clock } from '@expacti/persistence';
import type { SubscribeOptions } from '../bus.js';
import type { DeliveryPolicy } from '../delivery-policy.js';
import { matchesType } from '../event-types.js';
import { Gate } from '../gate.js';
import type { ReportTrouble } from '../trouble.js';
import { type GroupContext, PartitionReader } from './partition-reader.js';
import type { BusKeys, PartitionKeys } from './partitions.js';
import type { BusRedis } from './scripts.js';
import { TENURE_MS } from './tenure.js';

/** How many events may be under way in a process: beyond that it reads no further, and others may. */
const MAX_UNDER_WAY = 2_000;
/** Handlers that run at the same time, each for another key; more where deliveries gather to share their commits. */
const MAX_CONCURRENT = 32;
const MAX_GATHERED = 256;
/** How often a process says that it is there, extends what it owns, and looks for what nobody told it. */
const KEEP_UP_MS = 1_000;
/** How often a process that has less than its share looks for partitions that nobody owns. */
const SEEK_MS = 250;
/** Consumers of processes that ended this long ago are forgotten. */
const FORGET_AFTER_MS = 3_600_000;

export interface GroupConsumerOptions extends SubscribeOptions {
  readonly redis: BusRedis;
  /** How often that connection was lost so far. */
  readonly losses: () => number;
  readonly keys: BusKeys;
  readonly partitions: number;
  readonly consumer: string;
  readonly clock: Clock;
  readonly policy: DeliveryPolicy;
  readonly report: ReportTrouble;
}

/**
 * One process's part in a consumer group. The processes of a group share its partitions evenly, without speaking to one
 * another: each counts who is there, keeps no more than its share, and takes what nobody owns up to that. With more
 * processes than partitions, some wait for another to go.
 *
 * Owning is timed by the machine and not by the injected clock: it is an agreement with other processes.
 */
export class GroupConsumer {
  readonly #options: GroupConsumerOptions;
  readonly #lingerMs: number;
  readonly #partitions: readonly PartitionKeys[];
  readonly #readers: readonly PartitionReader[];
  #share = 0;
  #underWay = 0;
  #wasFull = false;
  #keptUpAt = 0;
  #nextTurn: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #cancelLinger: (() => void) | undefined;
  readonly #lingering = new Set<PartitionReader>();
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(options: GroupConsumerOptions) {
    this.#options = options;
    this.#lingerMs = options.lingerMs ?? 0;
    const { keys, group } = options;
    this.#partitions = Array.from({ length: options.partitions }, (_, number) => keys.partition(number));
    const context = this.#context();
    this.#readers = this.#partitions.map((own, number) => new PartitionReader(context, own, keys.owner(number, group)));
  }

  /** Resolves when every later event is certain to reach the group. */
  async open(): Promise<void> {
    const { redis, group, from } = this.#options;
    const start = from === 'now' ? '$' : '0';
    await Promise.all(this.#partitions.map(({ events }) => redis.busOpenGroup(events, group, start)));
    this.#takeTurn();
  }

  /** There is something new in a partition. */
  wake(partition: number, types: Iterable<string>): void {
    const reader = this.#readers[partition];
    if (reader !== undefined && this.#wants(types)) this.#wake(reader);
  }

  /** Finishes what runs and gives up every partition. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelLinger?.();
    const { redis, keys, group, consumer, report } = this.#options;
    const leaveAll = () => Promise.all(this.#readers.map((reader) => reader.leave()));
    try {
      // Turns go on meanwhile: what handlers still work on stays ours as long as they run.
      await leaveAll();
      // What a turn that had begun took all the same.
      await this.#turn;
      await leaveAll();
      await redis.zrem(keys.members(group), consumer);
    } catch (error) {
      report({ kind: 'storage_failed', during: `leaving ${group}`, error });
    }
    clearTimeout(this.#nextTurn);
    this.#nextTurn = undefined;
  }

  #wake(reader: PartitionReader): void {
    if (this.#lingerMs === 0) {
      reader.wake();
      return;
    }
    this.#lingering.add(reader);
    this.#cancelLinger ??= this.#options.clock.schedule(this.#lingerMs, () => {
      this.#cancelLinger = undefined;
      for (const lingering of this.#lingering) lingering.wake();
      this.#lingering.clear();
    });
  }

  #context(): GroupContext {
    const { redis, losses, group, consumer, types, handler, clock, policy, report } = this.#options;
    return {
      redis,
      losses,
      group,
      consumer,
      types,
      handler,
      clock,
      policy,
      report,
      gate: new Gate(this.#lingerMs > 0 ? MAX_GATHERED : MAX_CONCURRENT),
      hasRoom: () => this.#hasRoom(),
      entered: (count) => {
        this.#underWay += count;
      },
      left: (count) => this.#left(count),
      wake: (reader) => this.#wake(reader),
      reopen: async ({ events }) => {
        await redis.busOpenGroup(events, group, '0');
      },
    };
  }

  #wants(types: Iterable<string>): boolean {
    for (const type of types) if (matchesType(this.#options.types, type)) return true;
    return false;
  }

  #hasRoom(): boolean {
    const hasRoom = this.#underWay < MAX_UNDER_WAY;
    if (!hasRoom) this.#wasFull = true;
    return hasRoom;
  }

  #left(count: number): void {
    this.#underWay -= count;
    if (!this.#wasFull || this.#underWay > MAX_UNDER_WAY / 2) return;
    this.#wasFull = false;
    for (const reader of this.#readers) reader.resume();
  }

  #takeTurn(): void {
    let pause = SEEK_MS;
    this.#turn = this.#keepShare(performance.now())
      .catch((error: unknown) => {
        pause = KEEP_UP_MS;
        this.#options.report({ kind: 'storage_failed', during: `sharing ${this.#options.group}`, error });
      })
      .finally(() => {
        this.#turn = undefined;
        if (this.#closed !== undefined && this.#readers.every((reader) => !reader.isOwner)) return;
        this.#nextTurn = setTimeout(() => this.#takeTurn(), pause);
        this.#nextTurn.unref();
      });
  }

  async #keepShare(now: number): Promise<void> {
    if (now - this.#keptUpAt >= KEEP_UP_MS || this.#keptUpAt === 0) {
      this.#keptUpAt = now;
      const { redis, keys, group, consumer } = this.#options;
      // Both at once: what is owned must be extended also when it takes long to count who is there.
      const [count] = await Promise.all([
        this.#isClosing ? 1 : redis.busMeet(keys.members(group), consumer, TENURE_MS),
        ...this.#readers.map((reader) => reader.keepUp()),
      ]);
      this.#share = Math.ceil(this.#readers.length / count);
    }
    if (this.#isClosing) return;
    this.#giveUpSurplus();
    await this.#seek();
  }

  #giveUpSurplus(): void {
    const owned = this.#readers.filter((reader) => reader.isOwner && !reader.isLeaving);
    for (const reader of owned.slice(this.#share)) {
      void reader.leave().catch((error: unknown) => {
        this.#options.report({ kind: 'storage_failed', during: `giving up a part of ${this.#options.group}`, error });
      });
    }
  }

  async #seek(): Promise<void> {
    const free = this.#readers.filter((reader) => !reader.isOwner);
    const missing = this.#share - (this.#readers.length - free.length);
    if (missing <= 0) return;
    // Another start for each process: they would all try for the same ones otherwise.
    const offset = Math.floor(Math.random() * free.length);
    const inTurn = [...free.slice(offset), ...free.slice(0, offset)];
    await this.#tryFor(inTurn, missing);
  }

  /** As many of them as are missing. */
  async #tryFor(readers: readonly PartitionReader[], missing: number): Promise<void> {
    const attempted = readers.slice(0, missing);
    if (attempted.length === 0 || this.#isClosing) return;
    await Promise.all(attempted.map((reader) => reader.tryToOwn()));
    const owned = attempted.filter((reader) => reader.isOwner).length;
    await this.#tryFor(readers.slice(missing), missing - owned);
  }

  /** Tidies up after processes that are gone. */
  async forgetConsumers(): Promise<void> {
    const { redis, group } = this.#options;
    await Promise.all(this.#partitions.map(({ events }) => redis.busForgetConsumers(events, group, FORGET_AFTER_MS)));
  }
}
