import { readFileSync } from 'node:fs';

/** What costs something each time it happens. */
export const OPERATIONS = ['whitelisted_command', 'held_command', 'vote', 'session_start'] as const;
export type Operation = (typeof OPERATIONS)[number];

export const PROCESS_KINDS = [
  'gateway',
  'redis',
  'postgres',
  'approvals',
  'policy',
  'identity',
  'audit',
  'recording',
] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];

/** CPU time in microseconds: of all threads, and of the one that no second core can help. */
export interface CpuCost {
  readonly cpu_us: number;
  readonly thread_us: number;
}

type PerKind = Readonly<Record<ProcessKind, CpuCost>>;

/** One measuring of the distributed system, as `ONLY=distributed make bench` writes it. Everything the model knows of it. */
export interface MeasuredCosts {
  /** RFC 3339 */
  readonly measured_at: string;
  readonly machine: Readonly<Record<string, unknown>>;
  /** What one operation costs each kind of process with one gateway, all that follows from it included (audit, usage figures). */
  readonly operations: Readonly<Record<Operation, PerKind>>;
  /** What one operation costs in addition for each further gateway: every gateway reads every event. */
  readonly further_gateway: Readonly<Record<Operation, Readonly<Record<'gateway' | 'redis', CpuCost>>>>;
  /** What one reviewer's socket more costs the gateways per held command that is decided. */
  readonly reviewer_push: CpuCost;
  /** What a process costs per second that has nothing to do: leases, heartbeats, locks, collections of garbage. */
  readonly idle_second: PerKind;
  /** What each further gateway costs the others per second by being there: its leases. */
  readonly idle_gateway_second: Readonly<Record<'redis' | 'policy' | 'identity', CpuCost>>;
  /** What asking costs whoever asks: agents and reviewers of the measuring, on the same machine. Not part of a plan. */
  readonly client: Readonly<Record<Operation, CpuCost>>;
  /** Milliseconds, one client alone. */
  readonly alone_ms: {
    readonly whitelisted_command: number;
    readonly held_to_reviewer: number;
    readonly vote_to_agent: number;
  };
  /** One append and `fdatasync` of an event's size in the folder where Redis keeps its log, median, in microseconds. */
  readonly fsync_us: number;
  readonly memory: {
    readonly process_mib: Readonly<Record<ProcessKind, number>>;
    readonly agent_socket_kib: number;
    readonly reviewer_socket_kib: number;
    readonly pending_kib: number;
  };
  /** Bytes that stay: in Redis until trimmed, in PostgreSQL until somebody deletes them (indexes included). */
  readonly bytes: {
    readonly redis: Readonly<Record<Operation, number>>;
    readonly postgres: Readonly<Record<Operation, number>>;
  };
}

/** @throws Error that names what is missing or is no cost */
export function readMeasuredCosts(file: string): MeasuredCosts {
  return checkedCosts(JSON.parse(readFileSync(file, 'utf8')));
}

export function checkedCosts(value: unknown): MeasuredCosts {
  const costs = value as MeasuredCosts;
  const cpu = (...path: string[]) => {
    for (const field of ['cpu_us', 'thread_us']) checkNumber(value, [...path, field]);
  };
  for (const operation of OPERATIONS) {
    for (const kind of PROCESS_KINDS) cpu('operations', operation, kind);
    for (const kind of ['gateway', 'redis']) cpu('further_gateway', operation, kind);
    cpu('client', operation);
    for (const store of ['redis', 'postgres']) checkNumber(value, ['bytes', store, operation]);
  }
  for (const kind of PROCESS_KINDS) {
    cpu('idle_second', kind);
    checkNumber(value, ['memory', 'process_mib', kind]);
  }
  for (const kind of ['redis', 'policy', 'identity']) cpu('idle_gateway_second', kind);
  for (const field of ['agent_socket_kib', 'reviewer_socket_kib', 'pending_kib']) checkNumber(value, ['memory', field]);
  for (const field of ['whitelisted_command', 'held_to_reviewer', 'vote_to_agent'])
    checkNumber(value, ['alone_ms', field]);
  cpu('reviewer_push');
  checkNumber(value, ['fsync_us']);
  return costs;
}

function checkNumber(value: unknown, path: readonly string[]): void {
  let found = value;
  for (const name of path) found = (found as Record<string, unknown> | null | undefined)?.[name];
  if (typeof found !== 'number' || !Number.isFinite(found) || found < 0)
    throw new Error(`${path.join('.')} must be a number that is not negative, and is ${JSON.stringify(found)}`);
}
