import { machineFacts } from '../machine-facts.js';
import {
  type CpuCost,
  type MeasuredCosts,
  OPERATIONS,
  type Operation,
  PROCESS_KINDS,
} from '../scale/measured-costs.js';
import type { KindCosts, OperationCost } from './cost-meter.js';
import type { SocketMemory } from './socket-memory.js';

/** What was measured of a system with so many gateways. */
export interface SystemCosts {
  readonly operations: Readonly<Record<Operation, OperationCost>>;
  readonly idle: KindCosts;
}

export interface Measured {
  readonly one: SystemCosts;
  readonly two: SystemCosts;
  readonly reviewerPush: CpuCost;
  /** Of Redis, per event and reader. */
  readonly reader: CpuCost;
  readonly processMib: MeasuredCosts['memory']['process_mib'];
  readonly sockets: SocketMemory;
  readonly aloneMs: MeasuredCosts['alone_ms'];
  readonly fsyncUs: number;
}

/** What the model knows, from a system with one gateway and one with two. */
export function assembleCosts({ one, two, ...rest }: Measured): MeasuredCosts {
  const perOperation = <T>(of: (operation: Operation) => T) =>
    Object.fromEntries(OPERATIONS.map((operation) => [operation, of(operation)])) as Record<Operation, T>;
  const ours = (cpu: KindCosts) =>
    Object.fromEntries(PROCESS_KINDS.map((kind) => [kind, rounded(cpu[kind])])) as MeasuredCosts['idle_second'];
  const bytes = (store: 'redis' | 'postgres') =>
    perOperation((operation) => Math.max(0, Math.round(one.operations[operation].stored[store])));
  return {
    measured_at: new Date().toISOString(),
    machine: { ...machineFacts() },
    operations: perOperation((operation) => ours(one.operations[operation].cpu)),
    further_gateway: perOperation((operation) => {
      const { cpu, stored } = two.operations[operation];
      const { cpu_us, thread_us } = rest.reader;
      const redis = { cpu_us: cpu_us * stored.heard, thread_us: thread_us * stored.heard };
      return { gateway: rounded(cpu.listener), redis: rounded(redis) };
    }),
    reviewer_push: rounded(rest.reviewerPush),
    idle_second: ours(one.idle),
    idle_gateway_second: {
      redis: difference(two.idle.redis, one.idle.redis),
      policy: difference(two.idle.policy, one.idle.policy),
      identity: difference(two.idle.identity, one.idle.identity),
    },
    client: perOperation((operation) => rounded(one.operations[operation].cpu.client)),
    alone_ms: rest.aloneMs,
    fsync_us: rest.fsyncUs,
    memory: { process_mib: rest.processMib, ...rest.sockets },
    bytes: { redis: bytes('redis'), postgres: bytes('postgres') },
  };
}

const rounded = ({ cpu_us, thread_us }: CpuCost): CpuCost => ({
  cpu_us: Math.round(cpu_us * 10) / 10,
  thread_us: Math.round(thread_us * 10) / 10,
});

/** Two measurings differ by noise, too; a cost below nothing is none. */
const difference = (more: CpuCost, less: CpuCost): CpuCost =>
  rounded({
    cpu_us: Math.max(0, more.cpu_us - less.cpu_us),
    thread_us: Math.max(0, more.thread_us - less.thread_us),
  });
