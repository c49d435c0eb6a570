import type { MeasuredCosts } from '../measured-costs.js';

/** What so many gateways can do at most, each and their Redis with a whole core, when all they do is decide by rules. */
export interface Capacity {
  readonly gateways: number;
  /** Decisions per second at which the gateways' first threads are always busy. */
  readonly gatewaysPerSecond: number;
  /** At which one Redis' only thread is. */
  readonly redisPerSecond: number;
}

/**
 * Where the utilization law reaches 1. A gateway decides its own share and reads everybody's events, so that more
 * gateways come ever closer to one over the cost of reading and never pass it; and one Redis hands each event to each
 * gateway, so that it can do less the more there are.
 */
export function capacityOf(costs: MeasuredCosts, gateways: number): Capacity {
  const own = costs.operations.whitelisted_command;
  const further = costs.further_gateway.whitelisted_command;
  const us = (of: 'gateway' | 'redis') => own[of].thread_us + (gateways - 1) * further[of].thread_us;
  return {
    gateways,
    gatewaysPerSecond: (gateways * 1_000_000) / us('gateway'),
    redisPerSecond: 1_000_000 / us('redis'),
  };
}

/** The most commands per second of one org: its events are of one stream, and its audit chain is written by one process at a time. */
export function busiestOrg(costs: MeasuredCosts): { perSecond: number; limitedBy: 'redis' | 'audit' } {
  const { redis, audit } = costs.operations.whitelisted_command;
  const limitedBy = audit.thread_us > redis.thread_us ? 'audit' : 'redis';
  return { perSecond: 1_000_000 / Math.max(redis.thread_us, audit.thread_us), limitedBy };
}
