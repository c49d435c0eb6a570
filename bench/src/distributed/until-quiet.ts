import { setTimeout as sleep } from 'node:timers/promises';
import { PROCESS_KINDS } from '../scale/measured-costs.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import type { KindCosts } from './cost-meter.js';
import { usageOf } from './kind-usage.js';

const LOOK_MS = 750;
const PATIENCE_MS = 120_000;
/** So much more than nothing is nothing, too: a clock tick of each process. */
const TICKS_MS = 10 * PROCESS_KINDS.length;

/**
 * Waits until all that follows from what was done is done: until the system uses no more CPU than when it is idle.
 * Returns how many milliseconds it was busy.
 */
export async function untilQuiet(system: DistributedSystem, idle: KindCosts): Promise<number> {
  const idleMs = PROCESS_KINDS.reduce((sum, kind) => sum + idle[kind].cpu_us, 0) / 1_000;
  const began = performance.now();
  for (;;) {
    const [before, from] = [usageOf(system), performance.now()];
    await sleep(LOOK_MS);
    const [after, ms] = [usageOf(system), performance.now() - from];
    const used = PROCESS_KINDS.reduce((sum, kind) => sum + after[kind].cpuMs - before[kind].cpuMs, 0);
    if (used <= 1.5 * idleMs * (ms / 1_000) + TICKS_MS) return from - began;
    if (from - began > PATIENCE_MS) throw new Error(`the system was still busy after ${PATIENCE_MS} ms`);
  }
}
