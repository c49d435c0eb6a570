import { type MeasuredCosts, PROCESS_KINDS, type ProcessKind } from '../measured-costs.js';
import { type Deployment, stationLoad } from './station-load.js';
import type { Workload } from './workload.js';

/** No process is planned to be busier: room for bursts, for a replica that is gone, for what was measured too low. */
export const BUSIEST = 0.6;
/** For what is lost when a process dies: the others take over without a start being waited for. */
const REPLICAS: Readonly<Record<ProcessKind, number>> = {
  gateway: 2,
  approvals: 2,
  policy: 2,
  identity: 2,
  audit: 2,
  recording: 2,
  redis: 1,
  postgres: 1,
};
/** Beyond so many gateways the events that each must read are the work: an installation is split instead. */
const MOST_GATEWAYS = 64;

/** The adapters speak to one server; hash tags prepare its streams for a cluster, which nobody has tried. */
const MOST_REDIS = 1;

/** A plan: equal installations (cells), each with its own Redis and PostgreSQL, orgs spread over them. */
export interface Plan {
  readonly cells: number;
  /** What one cell has to do. */
  readonly cellWorkload: Workload;
  /** Of one cell. */
  readonly deployment: Deployment;
  /** Streams per cell: each is read by one process of a group at a time, so there are at least as many as processes. */
  readonly partitions: number;
}

/**
 * The fewest processes in which nothing is busier than `BUSIEST`, in as many cells as that takes: what gateways do for one
 * another's events grows with their number squared, so that several small cells need less than a large one.
 */
export function smallestPlan(costs: MeasuredCosts, workload: Workload): Plan {
  let best: Plan | undefined;
  for (let cells = 1; cells <= workload.orgs; cells = nextCells(cells)) {
    const cellWorkload = shareOf(workload, cells);
    const deployment = smallestDeployment(costs, cellWorkload);
    if (!deployment) continue;
    const plan = { cells, cellWorkload, deployment, partitions: partitionsFor(deployment) };
    if (!best || processesOf(plan) < processesOf(best)) best = plan;
    // Beyond that each further cell only adds what it costs to be there.
    if (processesOf(plan) > 2 * processesOf(best)) break;
  }
  if (!best) throw new Error('one org alone is more than one installation can do');
  return best;
}

/** In all cells. */
export const processesOf = ({ cells, deployment }: Plan): number =>
  cells * Object.values(deployment).reduce((sum, count) => sum + count, 0);

/** Undefined where no number of gateways is enough, or one Redis is not. */
export function smallestDeployment(costs: MeasuredCosts, workload: Workload): Deployment | undefined {
  for (let gateway = REPLICAS.gateway; gateway <= MOST_GATEWAYS; gateway += 1) {
    const guess = { ...REPLICAS, gateway };
    if (stationLoad(costs, workload, guess, 'gateway').utilization > BUSIEST) continue;
    // More gateways would only give it more to do.
    if (needed(costs, workload, guess, 'redis') > MOST_REDIS) return undefined;
    const counts = PROCESS_KINDS.map((kind) => [
      kind,
      kind === 'gateway' ? gateway : needed(costs, workload, guess, kind),
    ]);
    return Object.fromEntries(counts) as Deployment;
  }
  return undefined;
}

function needed(costs: MeasuredCosts, workload: Workload, guess: Deployment, kind: ProcessKind): number {
  // PostgreSQL spreads over the cores of its machine by itself, and is one.
  if (kind === 'postgres') return 1;
  // Work divides among processes; what each does by being there does not.
  const each = costs.idle_second[kind].thread_us / 1_000_000;
  const work = (stationLoad(costs, workload, guess, kind).utilization - each) * guess[kind];
  return Math.max(REPLICAS[kind], Math.ceil(work / (BUSIEST - each)));
}

const partitionsFor = ({ redis, audit, policy }: Deployment): number =>
  2 ** Math.ceil(Math.log2(Math.max(8, 2 * redis, 2 * audit, 2 * policy)));

const shareOf = (workload: Workload, cells: number): Workload => ({
  ...workload,
  agents: Math.ceil(workload.agents / cells),
  orgs: Math.ceil(workload.orgs / cells),
});

/** One by one at first, then in steps of a tenth. */
const nextCells = (cells: number): number => Math.max(cells + 1, Math.floor(cells * 1.1));
