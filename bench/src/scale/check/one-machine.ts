import { type CpuCost, type MeasuredCosts, PROCESS_KINDS } from '../measured-costs.js';
import { asOneServer, closedPrediction, throughputBound } from '../queueing/closed-network.js';

/** Agents that ask for whitelisted commands, and everything they ask, on one machine. */
export interface OneMachine {
  readonly agents: number;
  /** Mean seconds between an answer and the next command. */
  readonly thinkSeconds: number;
  readonly gateways: number;
  /** What the machine has left for all of it, the agents included. */
  readonly cores: number;
}

export interface OneMachinePrediction {
  readonly perSecond: number;
  readonly responseMs: number;
  /** Cores that everything together keeps busy, the agents included. */
  readonly busyCores: number;
  /** What would end the growth first. */
  readonly limit: 'cores' | 'gateway' | 'redis';
}

const US = 1e-6;

/**
 * The closed model of the check: all processes share the cores, gateways and Redis have one thread each. What follows
 * from a decision (audit, figures of rules) takes cores from everybody and is waited for by nobody.
 */
export function oneMachine(
  costs: MeasuredCosts,
  { agents, thinkSeconds, gateways, cores }: OneMachine,
): OneMachinePrediction {
  const own = costs.operations.whitelisted_command;
  const further = costs.further_gateway.whitelisted_command;
  const others = gateways - 1;
  const seconds = (of: (cost: CpuCost) => number) => ({
    gateway: (of(own.gateway) + others * of(further.gateway)) * US,
    redis: (of(own.redis) + others * of(further.redis)) * US,
  });
  const thread = seconds(({ thread_us }) => thread_us);
  const idle = idleCores(costs, gateways);
  const each =
    PROCESS_KINDS.reduce((sum, kind) => sum + own[kind].cpu_us, costs.client.whitelisted_command.cpu_us) * US +
    others * (further.gateway.cpu_us + further.redis.cpu_us) * US;
  const waitedFor = (own.gateway.cpu_us + own.redis.cpu_us + costs.client.whitelisted_command.cpu_us) * US;
  const free = cores - idle;
  const delay = Math.max(0, costs.alone_ms.whitelisted_command / 1_000 - waitedFor);
  // The cores serve what is waited for; what is not waited for makes them slower.
  const shared = asOneServer(waitedFor, free * (waitedFor / each));
  const network = { demands: [shared.demand], delaySeconds: Math.max(0, shared.delaySeconds) + delay, thinkSeconds };
  const limits = { cores: free / each, gateway: gateways / thread.gateway, redis: 1 / thread.redis };
  const [limit = 'cores'] = (Object.keys(limits) as (keyof typeof limits)[]).sort((a, b) => limits[a] - limits[b]);
  const { perSecond } = closedPrediction(network, agents);
  const bounded = Math.min(perSecond, limits[limit], throughputBound(network, agents));
  return {
    perSecond: bounded,
    responseMs: (agents / bounded - thinkSeconds) * 1_000,
    busyCores: bounded * each + idle,
    limit,
  };
}

function idleCores(costs: MeasuredCosts, gateways: number): number {
  const { redis, policy, identity } = costs.idle_gateway_second;
  const processes = PROCESS_KINDS.reduce((sum, kind) => sum + costs.idle_second[kind].cpu_us, 0);
  const more = costs.idle_second.gateway.cpu_us + redis.cpu_us + policy.cpu_us + identity.cpu_us;
  return (processes + (gateways - 1) * more) * US;
}
