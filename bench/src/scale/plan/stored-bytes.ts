import { type MeasuredCosts, OPERATIONS, type ProcessKind } from '../measured-costs.js';
import type { Deployment } from './station-load.js';
import { busyReviewers, ratesOf, type Workload } from './workload.js';

/** How long events lie in Redis after the last group has them, at most: the pause between two trimmings, in seconds. */
const TRIM_SECONDS = 60;
/** Left in each partition whatever happens. */
const KEPT_PER_PARTITION = 1_000;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
const DAY_SECONDS = 86_400;

export interface Storage {
  /** Of one process of each kind, sockets and pending requests included. */
  readonly memoryMib: Readonly<Record<ProcessKind, number>>;
  /** Events that wait to be trimmed, in MiB per cell. */
  readonly redisEventsMib: number;
  readonly postgresGibPerDay: number;
  /** Redis' append-only file is written with all of it, PostgreSQL's log with more than its tables. */
  readonly redisLogMibPerSecond: number;
}

/** What one cell keeps in memory and on disk. */
export function storageOf(
  costs: MeasuredCosts,
  workload: Workload,
  deployment: Deployment,
  partitions: number,
): Storage {
  const rates = ratesOf(workload);
  const redisBytes = OPERATIONS.reduce((sum, operation) => sum + rates[operation] * costs.bytes.redis[operation], 0);
  const events = OPERATIONS.reduce((sum, operation) => sum + rates[operation], 0);
  const postgresBytes = OPERATIONS.reduce((sum, name) => sum + rates[name] * costs.bytes.postgres[name], 0);
  const kept = (KEPT_PER_PARTITION * partitions * redisBytes) / Math.max(events, Number.MIN_VALUE);
  const { process_mib, agent_socket_kib, reviewer_socket_kib, pending_kib } = costs.memory;
  // A request is pending while a reviewer looks at it, and about as long before.
  const pending = 2 * busyReviewers(workload);
  const sockets =
    workload.agents * agent_socket_kib +
    workload.orgs * workload.reviewersOnlinePerOrg * reviewer_socket_kib +
    pending * pending_kib;
  const memoryMib = {
    ...process_mib,
    gateway: process_mib.gateway + sockets / 1_024 / deployment.gateway,
    redis: process_mib.redis + (redisBytes * TRIM_SECONDS + kept) / MIB / deployment.redis,
  };
  return {
    memoryMib,
    redisEventsMib: (redisBytes * TRIM_SECONDS + kept) / MIB,
    redisLogMibPerSecond: redisBytes / MIB,
    postgresGibPerDay: (postgresBytes * workload.meanShare * DAY_SECONDS) / GIB,
  };
}
