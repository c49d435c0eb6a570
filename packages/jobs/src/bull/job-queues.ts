import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Turn, turnId } from './turn.js';

const FAILED_KEPT = 10_000;

/** BullMQ's queues: one for each job name, so that a name whose handler is not there waits for it. */
export class JobQueues {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #queues = new Map<string, Queue<Turn>>();
  /** Names that are known to be among the written ones. */
  readonly #noted = new Set<string>();

  /** @param prefix begins every key; with a hash tag, since BullMQ's scripts need all keys of a queue in one slot */
  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** BullMQ's name of the queue: it allows no colon. */
  static nameOf(name: string): string {
    return encodeURIComponent(name);
  }

  /** Wakes somebody for the turn when it is due. Adding it twice is harmless, as long as the first one is not done. */
  async add(name: string, turn: Turn, now: number): Promise<void> {
    await this.#note(name);
    await this.#queue(name).add(name, turn, {
      jobId: turnId(turn),
      delay: Math.max(Math.ceil(turn.dueAt - now), 0),
      attempts: turn.maxAttempts,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: { count: FAILED_KEPT },
      stackTraceLimit: 0,
    });
  }

  /**
   * Tidies up a turn that does not count any more, unless it runs or is listed as failed. Where that does not succeed, it
   * finds out by itself when it runs.
   */
  async forget(name: string, id: string): Promise<void> {
    try {
      const job = await this.#queue(name).getJob(id);
      if (job !== undefined && !(await job.isFailed())) await job.remove();
    } catch {
      // Locked by the worker that runs it, or Redis has gone: see above.
    }
  }

  async failed(name: string, count: number): Promise<Job<Turn>[]> {
    return this.#queue(name).getFailed(0, count - 1);
  }

  async find(name: string, id: string): Promise<Job<Turn> | undefined> {
    return this.#queue(name).getJob(id);
  }

  /** Every name for which any process has ever scheduled a job. */
  async names(): Promise<string[]> {
    return this.#redis.smembers(this.#namesKey);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  async #note(name: string): Promise<void> {
    if (this.#noted.has(name)) return;
    await this.#redis.sadd(this.#namesKey, name);
    this.#noted.add(name);
  }

  get #namesKey(): string {
    return `${this.#prefix}.names`;
  }

  #queue(name: string): Queue<Turn> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue<Turn>(JobQueues.nameOf(name), {
      connection: this.#redis,
      prefix: this.#prefix,
      // Asking the version could time out, and BullMQ would never ask again.
      skipVersionCheck: true,
      // Nobody reads BullMQ's events.
      streams: { events: { maxLen: 100 } },
    });
    // The connection reports its own troubles; without a listener they would end the process.
    queue.on('error', () => undefined);
    this.#queues.set(name, queue);
    return queue;
  }
}
