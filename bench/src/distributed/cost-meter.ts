import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuCost } from '../scale/measured-costs.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { type KindUsage, type MeasuredKind, perKind, usageOf } from './kind-usage.js';
import { type StoredSoFar, storedSoFar } from './stored-so-far.js';

const IDLE_MS = 15_000;

export type KindCosts = Readonly<Record<MeasuredKind, CpuCost>>;

export interface OperationCost {
  readonly cpu: KindCosts;
  /** Bytes per operation. */
  readonly stored: StoredSoFar;
}

/** Measures what something costs each process, beyond what they do anyway. */
export class CostMeter {
  private constructor(
    private readonly system: DistributedSystem,
    /** Per second. */
    readonly idle: KindCosts,
  ) {}

  /** Watches the system do nothing first. */
  static async open(system: DistributedSystem): Promise<CostMeter> {
    const before = usageOf(system);
    await sleep(IDLE_MS);
    return new CostMeter(system, costsBetween(before, usageOf(system), IDLE_MS / 1_000));
  }

  /**
   * Runs `work`, which does something `count` times and waits for all that follows, as often as `rounds` says.
   *
   * @param after what is done between the rounds and not counted
   */
  async costOf(
    count: number,
    work: () => Promise<unknown>,
    rounds = 1,
    after = async () => {},
  ): Promise<OperationCost> {
    let cpu = perKind(() => ({ cpu_us: 0, thread_us: 0 }));
    const stored = { redis: 0, postgres: 0 };
    const all = count * rounds;
    for (let round = 0; round < rounds; round += 1) {
      const [kept, used, began] = [await storedSoFar(this.system), usageOf(this.system), performance.now()];
      await work();
      const seconds = (performance.now() - began) / 1_000;
      const costs = costsBetween(used, usageOf(this.system), all);
      cpu = perKind((kind) => ({
        cpu_us: cpu[kind].cpu_us + costs[kind].cpu_us - (this.idle[kind].cpu_us * seconds) / all,
        thread_us: cpu[kind].thread_us + costs[kind].thread_us - (this.idle[kind].thread_us * seconds) / all,
      }));
      const keptNow = await storedSoFar(this.system);
      stored.redis += (keptNow.redis - kept.redis) / all;
      stored.postgres += (keptNow.postgres - kept.postgres) / all;
      await after();
    }
    return { cpu: perKind((kind) => notNegative(cpu[kind])), stored };
  }
}

const costsBetween = (before: KindUsage, after: KindUsage, count: number): KindCosts =>
  perKind((kind) => ({
    cpu_us: ((after[kind].cpuMs - before[kind].cpuMs) * 1_000) / count,
    thread_us: ((after[kind].threadMs - before[kind].threadMs) * 1_000) / count,
  }));

/** Less than a clock tick may come out below nothing. */
const notNegative = ({ cpu_us, thread_us }: CpuCost): CpuCost => ({
  cpu_us: Math.max(0, cpu_us),
  thread_us: Math.max(0, thread_us),
});
