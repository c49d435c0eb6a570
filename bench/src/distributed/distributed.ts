import type { Figure } from '../figure.js';
import { writeCosts } from '../results-file.js';
import { AgentSocket } from '../support/agent-socket.js';
import { DistributedSystem } from '../support/distributed-system.js';
import { assembleCosts, type SystemCosts } from './assemble-costs.js';
import { CostMeter } from './cost-meter.js';
import { fsyncMicroseconds } from './fsync-time.js';
import { growthFigures } from './growth-figures.js';
import { heldFigures } from './held-figures.js';
import { memoryOf } from './kind-usage.js';
import { checkFigures, seenAtPoints } from './model-check.js';
import { moreAgents } from './more-agents.js';
import { operationCosts } from './operation-costs.js';
import { pushCost } from './push-cost.js';
import { readerCost } from './reader-cost.js';
import { socketMemory } from './socket-memory.js';
import { allowWhitelisted } from './whitelist.js';
import { whitelistedFigures } from './whitelisted-figures.js';

const AGENTS = 8;

/** It takes minutes. */
const say = (what: string) => process.stderr.write(`  ${what} …\n`);

/** The services as processes of their own: how quick they are, what they cost, and whether the scale plan's model is right. */
export async function run(): Promise<Figure[]> {
  const system = await DistributedSystem.start({ gateways: 2 });
  try {
    return await measure(system);
  } finally {
    await system.stop();
  }
}

async function measure(system: DistributedSystem): Promise<Figure[]> {
  const [url = ''] = system.gatewayUrls;
  await allowWhitelisted(url);
  const tokens = await moreAgents(url, AGENTS);
  // First, while memory is what it needs and not what a load has left behind.
  say('memory of sockets');
  const sockets = await socketMemory(system, tokens);
  say('growth from one gateway to two');
  const growth = await growthFigures(system);
  say('held commands across gateways');
  const held = await heldFigures(system);
  const two = await costsOf(system, tokens);
  say('what the model will be checked against');
  const seen = await seenAtPoints(system, two.idle, tokens);
  const processMib = memoryOf(system);
  // The same processes, one listener less: what it cost the others shows as the difference.
  await system.stopLastGateway();
  say('whitelisted commands and their floor');
  const whitelisted = await whitelistedFigures(system);
  const one = await costsOf(system, tokens);
  say('costs of reviewers');
  const reviewerPush = await pushCostOf(system, tokens);
  const costs = assembleCosts({
    one,
    two,
    reviewerPush,
    reader: await readerCost(system),
    processMib,
    sockets,
    aloneMs: {
      whitelisted_command: whitelisted.aloneMs,
      held_to_reviewer: held.toReviewerMs,
      vote_to_agent: held.toAgentMs,
    },
    fsyncUs: fsyncMicroseconds(),
  });
  say(`costs written to ${await writeCosts(costs)}`);
  return [...whitelisted.figures, ...growth, ...held.figures, ...checkFigures(costs, seen)];
}

async function costsOf(system: DistributedSystem, tokens: readonly string[]): Promise<SystemCosts> {
  say(`costs with ${system.gatewayUrls.length} of the gateways`);
  const meter = await CostMeter.open(system);
  return { operations: await operationCosts(system, meter, tokens), idle: meter.idle };
}

async function pushCostOf(system: DistributedSystem, tokens: readonly string[]) {
  const [url = ''] = system.gatewayUrls;
  const agents = await Promise.all(tokens.map((token) => AgentSocket.connect(url, token)));
  const cost = await pushCost(system, await CostMeter.open(system), agents);
  for (const agent of agents) agent.close();
  return cost;
}
