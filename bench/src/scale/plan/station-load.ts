import { type CpuCost, type MeasuredCosts, OPERATIONS, type ProcessKind } from '../measured-costs.js';
import { ratesOf, type Workload } from './workload.js';

/** How many processes of each kind share a workload. */
export type Deployment = Readonly<Record<ProcessKind, number>>;

/** What a kind of process has to do. */
export interface StationLoad {
  /** Cores that all processes of the kind keep busy together. */
  readonly cores: number;
  /** The share of its time in which the first thread of each process is busy; above 1 is impossible. */
  readonly utilization: number;
}

const SECOND_US = 1_000_000;

/**
 * The utilization law, per kind of process: what each operation costs there times how often it happens, spread evenly
 * over the processes, and what a process costs by being there. What every gateway does for every other one's events
 * (reading them) is not spread: it comes on top in each.
 */
export function stationLoad(
  costs: MeasuredCosts,
  workload: Workload,
  deployment: Deployment,
  kind: ProcessKind,
): StationLoad {
  const parts = [...operationParts(costs, workload, deployment, kind), ...idleParts(costs, deployment, kind)];
  return loadOf(parts, deployment[kind]);
}

/** Of that, what would be there without any agents. */
export const idleLoad = (costs: MeasuredCosts, deployment: Deployment, kind: ProcessKind): StationLoad =>
  loadOf(idleParts(costs, deployment, kind), deployment[kind]);

interface Part {
  readonly perSecond: number;
  readonly cost: CpuCost;
}

function operationParts(costs: MeasuredCosts, workload: Workload, { gateway }: Deployment, kind: ProcessKind): Part[] {
  const rates = ratesOf(workload);
  const parts: Part[] = [];
  for (const operation of OPERATIONS) {
    parts.push({ perSecond: rates[operation], cost: costs.operations[operation][kind] });
    if (kind === 'gateway' || kind === 'redis')
      parts.push({ perSecond: rates[operation] * (gateway - 1), cost: costs.further_gateway[operation][kind] });
  }
  if (kind === 'gateway') parts.push({ perSecond: pushesPerSecond(workload), cost: costs.reviewer_push });
  return parts;
}

function idleParts(costs: MeasuredCosts, deployment: Deployment, kind: ProcessKind): Part[] {
  const parts: Part[] = [{ perSecond: deployment[kind], cost: costs.idle_second[kind] }];
  if (kind === 'redis' || kind === 'policy' || kind === 'identity')
    parts.push({ perSecond: deployment.gateway - 1, cost: costs.idle_gateway_second[kind] });
  return parts;
}

function loadOf(parts: readonly Part[], processes: number): StationLoad {
  const secondsOf = (time: (cost: CpuCost) => number) =>
    parts.reduce((total, { perSecond, cost }) => total + perSecond * time(cost), 0) / SECOND_US;
  return {
    cores: secondsOf(({ cpu_us }) => cpu_us),
    utilization: secondsOf(({ thread_us }) => thread_us) / processes,
  };
}

/** Reviewers' sockets that hear of a held command, beyond the first, which was measured with the command. */
export const pushesPerSecond = (workload: Workload): number =>
  ratesOf(workload).held_command * Math.max(0, workload.reviewersOnlinePerOrg - 1);
