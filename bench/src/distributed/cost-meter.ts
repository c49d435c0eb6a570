import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuCost } from '../scale/measured-costs.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { type KindUsage, type MeasuredKind, perKind, usageOf } from './kind-usage.js';
import { type StoredBytes, storedBetween, storedSoFar } from './stored-so-far.js';
import { untilQuiet } from './until-quiet.js';

const SETTLE_MS = 3_000;
const IDLE_MS = 5_000;
/** The quietest of several: once a minute streams are trimmed, and what was done before is tidied up. */
const LOOKS = 3;

export type KindCosts = Readonly<Record<MeasuredKind, CpuCost>>;

export interface OperationCost {
  readonly cpu: KindCosts;
  /** Per operation. */
  readonly stored: StoredBytes;
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
    await sleep(SETTLE_MS);
    const looks: KindCosts[] = [];
    for (let look = 0; look < LOOKS; look += 1) {
      const [before, began] = [usageOf(system), performance.now()];
      await sleep(IDLE_MS);
      looks.push(costsBetween(before, usageOf(system), (performance.now() - began) / 1_000));
    }
    return new CostMeter(
      system,
      perKind((kind) => leastOf(looks.map((look) => look[kind]))),
    );
  }

  /** Runs `work`, which does something `count` times, and waits for all that follows from it. */
  async costOf(count: number, work: () => Promise<unknown>): Promise<OperationCost> {
    const [kept, used, began] = [await storedSoFar(this.system), usageOf(this.system), performance.now()];
    await work();
    await untilQuiet(this.system, this.idle);
    const costs = costsBetween(used, usageOf(this.system), count);
    const seconds = (performance.now() - began) / 1_000;
    const { redis, postgres, heard } = storedBetween(kept, await storedSoFar(this.system));
    // Less than a clock tick may come out below nothing.
    const beyond = (cost: number, idlePerSecond: number) => Math.max(0, cost - (idlePerSecond * seconds) / count);
    return {
      cpu: perKind((kind) => ({
        cpu_us: beyond(costs[kind].cpu_us, this.idle[kind].cpu_us),
        thread_us: beyond(costs[kind].thread_us, this.idle[kind].thread_us),
      })),
      stored: { redis: redis / count, postgres: postgres / count, heard: heard / count },
    };
  }
}

const costsBetween = (before: KindUsage, after: KindUsage, count: number): KindCosts =>
  perKind((kind) => ({
    cpu_us: ((after[kind].cpuMs - before[kind].cpuMs) * 1_000) / count,
    thread_us: ((after[kind].threadMs - before[kind].threadMs) * 1_000) / count,
  }));

const leastOf = (costs: readonly CpuCost[]): CpuCost => ({
  cpu_us: Math.min(...costs.map(({ cpu_us }) => cpu_us)),
  thread_us: Math.min(...costs.map(({ thread_us }) => thread_us)),
});
