import type { MeasuredCosts } from '../measured-costs.js';
import { type GroupCommitQueue, groupCommitTime } from '../queueing/group-commit-queue.js';
import { type Moments, serviceTime, sumOf } from '../queueing/moments.js';
import { type MultiServerQueue, waitingTime } from '../queueing/multi-server-queue.js';
import { quantileOf } from '../queueing/path-quantile.js';
import { type Deployment, idleLoad, stationLoad } from './station-load.js';
import { ratesOf, type Workload } from './workload.js';

/** Assumed: a gateway's services vary less than exponential ones; most are alike, some collect garbage or open a session. */
const GATEWAY_VARIABILITY = 0.5;
const US = 1e-6;

/** The stations on the way of a whitelisted command, as they are under the whole load. */
export interface WhitelistedWay {
  /** One gateway, with everything that it does. */
  readonly gateway: MultiServerQueue;
  /** What of it is this command's own, in seconds. */
  readonly gatewaySeconds: number;
  /** Whitelisted commands per second at one gateway. */
  readonly commandsPerSecond: number;
  /** One Redis, with everything that is written to it. */
  readonly redis: GroupCommitQueue;
  /** Wires, the kernel, whoever asks: what is left of the time of one client alone. */
  readonly elsewhereSeconds: number;
}

export function whitelistedWay(costs: MeasuredCosts, workload: Workload, deployment: Deployment): WhitelistedWay {
  const rates = ratesOf(workload);
  const writes = rates.whitelisted_command + 4 * rates.held_command + 4 * rates.vote + rates.session_start;
  const gatewayLoad = stationLoad(costs, workload, deployment, 'gateway').utilization;
  const redisLoad = stationLoad(costs, workload, deployment, 'redis').utilization;
  const redisIdle = idleLoad(costs, deployment, 'redis').utilization;
  const { gateway, redis } = costs.operations.whitelisted_command;
  const gatewaySeconds = gateway.thread_us * US;
  const groupSeconds = costs.fsync_us * US;
  const redisAlone = redis.thread_us * US + groupSeconds;
  return {
    // All its work in pieces of the size of this command's: what it does for others counts as so many commands more.
    gateway: {
      perSecond: gatewayLoad / gatewaySeconds,
      serviceSeconds: gatewaySeconds,
      servers: 1,
      arrivalVariability: workload.burstiness,
      serviceVariability: GATEWAY_VARIABILITY,
    },
    gatewaySeconds,
    commandsPerSecond: rates.whitelisted_command / deployment.gateway,
    redis: {
      perSecond: writes / deployment.redis,
      // What it does by itself, between the writes, makes each of them so much slower.
      eachSeconds: ((redisLoad - redisIdle) * deployment.redis) / writes / (1 - redisIdle),
      groupSeconds,
    },
    elsewhereSeconds: Math.max(0, costs.alone_ms.whitelisted_command / 1_000 - gatewaySeconds - redisAlone),
  };
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** From the agent's frame to its answer. */
export function whitelistedLatency(way: WhitelistedWay): Latency {
  const parts: Moments[] = [
    waitingTime(way.gateway),
    serviceTime(way.gatewaySeconds, GATEWAY_VARIABILITY),
    groupCommitTime(way.redis),
  ];
  const time = sumOf(parts);
  return {
    p50Ms: quantileOf(time, 0.5, way.elsewhereSeconds) * 1_000,
    p99Ms: quantileOf(time, 0.99, way.elsewhereSeconds) * 1_000,
  };
}
