import type { Figure } from '../figure.js';
import { writeCosts } from '../results-file.js';
import { AgentSocket } from '../support/agent-socket.js';
import { DistributedSystem } from '../support/distributed-system.js';
import { SHELL_TOKEN } from '../support/measured-server.js';
import { assembleCosts, type SystemCosts } from './assemble-costs.js';
import { CostMeter } from './cost-meter.js';
import { fsyncMicroseconds } from './fsync-time.js';
import { growthFigures } from './growth-figures.js';
import { heldFigures } from './held-figures.js';
import { memoryOf } from './kind-usage.js';
import { modelCheck } from './model-check.js';
import { moreAgents } from './more-agents.js';
import { operationCosts } from './operation-costs.js';
import { pushCost } from './push-cost.js';
import { socketMemory } from './socket-memory.js';
import { allowWhitelisted } from './whitelist.js';
import { whitelistedFigures } from './whitelisted-figures.js';

const AGENTS = 8;

/** The services as processes of their own: how quick they are, what they cost, and whether the scale plan's model is right. */
export async function run(): Promise<Figure[]> {
  const one = await withSystem(1, measureOne);
  return withSystem(2, async (system) => {
    const [url = ''] = system.gatewayUrls;
    say('growth from one gateway to two');
    const growth = await growthFigures(system);
    say('held commands across gateways');
    const held = await heldFigures(system);
    const tokens = await moreAgents(url, AGENTS);
    const two = await costsOf(system, tokens);
    const costs = assembleCosts({
      ...one,
      two,
      aloneMs: {
        whitelisted_command: one.whitelisted.aloneMs,
        held_to_reviewer: held.toReviewerMs,
        vote_to_agent: held.toAgentMs,
      },
      fsyncUs: fsyncMicroseconds(),
    });
    process.stderr.write(`costs written to ${await writeCosts(costs)}\n`);
    say('the model against this machine');
    const check = await modelCheck(system, costs, tokens);
    return [...one.whitelisted.figures, ...growth, ...held.figures, ...check];
  });
}

async function withSystem<T>(gateways: number, work: (system: DistributedSystem) => Promise<T>): Promise<T> {
  const system = await DistributedSystem.start({ gateways });
  try {
    for (const url of system.gatewayUrls) await AgentSocket.connect(url, SHELL_TOKEN).then((agent) => agent.close());
    await allowWhitelisted(system.gatewayUrls[0] ?? '');
    return await work(system);
  } finally {
    await system.stop();
  }
}

/** It takes minutes. */
const say = (what: string) => process.stderr.write(`  ${what} …\n`);

async function measureOne(system: DistributedSystem) {
  const [url = ''] = system.gatewayUrls;
  const tokens = await moreAgents(url, AGENTS);
  // First, while memory is what it needs and not what a load has left behind.
  say('memory of sockets');
  const sockets = await socketMemory(system, tokens);
  say('whitelisted commands and their floor');
  const whitelisted = await whitelistedFigures(system);
  const one = await costsOf(system, tokens);
  const agents = await Promise.all(tokens.map((token) => AgentSocket.connect(url, token)));
  say('costs of reviewers');
  const reviewerPush = await pushCost(system, await CostMeter.open(system), agents);
  for (const agent of agents) agent.close();
  return { whitelisted, one, reviewerPush, processMib: memoryOf(system), sockets };
}

async function costsOf(system: DistributedSystem, tokens: readonly string[]): Promise<SystemCosts> {
  say(`costs with ${system.gatewayUrls.length} of the gateways`);
  const meter = await CostMeter.open(system);
  return { operations: await operationCosts(system, meter, tokens), idle: meter.idle };
}
