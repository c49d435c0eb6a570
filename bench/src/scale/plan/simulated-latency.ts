import { quantile } from '../../figure.js';
import type { RequestClass, Stop } from '../simulation/network.js';
import { simulate } from '../simulation/simulate.js';
import type { Latency, WhitelistedWay } from './whitelisted-latency.js';

/** Enough that the slowest hundredth is several hundred samples, where commands are a fair part of it all. */
const COMMANDS = 40_000;
const REQUESTS = 120_000;

/** The same way, event by event: one gateway's commands, and what the others write to the same Redis. */
export function simulatedLatency(way: WhitelistedWay, seed = 1): Latency {
  const { gateway, redis, gatewaySeconds, commandsPerSecond, elsewhereSeconds } = way;
  const chores = gateway.perSecond - commandsPerSecond;
  const others = redis.perSecond - commandsPerSecond;
  const decided = { station: 'gateway', seconds: gatewaySeconds, variability: gateway.serviceVariability ?? 1 };
  const seconds = Math.min(COMMANDS / commandsPerSecond, REQUESTS / (gateway.perSecond + others));
  const written = { station: 'redis', seconds: redis.eachSeconds, variability: 0 };
  const { classes } = simulate({
    stations: {
      gateway: { kind: 'one_by_one', servers: 1 },
      redis: { kind: 'in_groups', groupSeconds: redis.groupSeconds },
      elsewhere: { kind: 'delay' },
    },
    classes: [
      {
        name: 'commands',
        source: { kind: 'open', perSecond: commandsPerSecond, variability: gateway.arrivalVariability ?? 1 },
        way: [decided, written, { station: 'elsewhere', seconds: elsewhereSeconds, variability: 0 }],
      },
      ...background('chores', chores, decided),
      ...background('others', others, written),
    ],
    seconds,
    warmUpSeconds: seconds / 20,
    seed,
  });
  const responses = classes.commands?.responses ?? [];
  return { p50Ms: quantile(responses, 0.5) * 1_000, p99Ms: quantile(responses, 0.99) * 1_000 };
}

const background = (name: string, perSecond: number, stop: Stop): RequestClass[] =>
  perSecond > 0 ? [{ name, source: { kind: 'open', perSecond }, way: [stop] }] : [];
