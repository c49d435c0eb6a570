import { PROCESS_KINDS, type ProcessKind } from '../scale/measured-costs.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { cpuMs, familyCpuMs, familyMiB, mainThreadMs, residentMiB } from '../support/process-usage.js';

/** `listener`: a gateway that nobody asks anything; it hears every event all the same. `client`: this process. */
export const MEASURED_KINDS = [...PROCESS_KINDS, 'listener', 'client'] as const;
export type MeasuredKind = (typeof MEASURED_KINDS)[number];

/** CPU time so far in milliseconds: of a process, and of its first thread. */
export interface Usage {
  readonly cpuMs: number;
  readonly threadMs: number;
}

export type KindUsage = Readonly<Record<MeasuredKind, Usage>>;

export const usageOf = (system: DistributedSystem): KindUsage => perKind((kind) => usageOfKind(system, kind));

/** Resident memory of one process of each kind, in MiB. */
export function memoryOf(system: DistributedSystem): Readonly<Record<ProcessKind, number>> {
  const of = (kind: ProcessKind): number => {
    if (kind === 'redis') return residentMiB(system.redis.pid);
    if (kind === 'postgres') return familyMiB(system.postgres.pid);
    return residentMiB(system.pidsOf(kind)[0] ?? 0);
  };
  return Object.fromEntries(PROCESS_KINDS.map((kind) => [kind, of(kind)])) as Record<ProcessKind, number>;
}

export const perKind = <T>(of: (kind: MeasuredKind) => T): Record<MeasuredKind, T> =>
  Object.fromEntries(MEASURED_KINDS.map((kind) => [kind, of(kind)])) as Record<MeasuredKind, T>;

function usageOfKind(system: DistributedSystem, kind: MeasuredKind): Usage {
  switch (kind) {
    case 'postgres': {
      // It works for each connection in a process of its own, so nothing of it is bound to one core.
      const used = familyCpuMs(system.postgres.pid);
      return { cpuMs: used, threadMs: used };
    }
    case 'redis':
      return usageOfProcess(system.redis.pid);
    case 'client':
      return usageOfProcess(process.pid);
    case 'listener':
      return usageOfProcess(system.pidsOf('gateway')[1]);
    default:
      return usageOfProcess(system.pidsOf(kind)[0]);
  }
}

const usageOfProcess = (pid: number | undefined): Usage =>
  pid === undefined ? { cpuMs: 0, threadMs: 0 } : { cpuMs: cpuMs(pid), threadMs: mainThreadMs(pid) };
