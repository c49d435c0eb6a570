import type { Frame } from '../support/agent.js';
import { expacti } from '../support/cli.js';
import type { DistributedSystem } from '../support/distributed-system.js';

/** What consumers have given up, as the operator's own tool lists it. */
export async function deadLetters({ redis }: DistributedSystem, more: readonly string[] = []): Promise<Frame[]> {
  const listed = await expacti(['streams', 'dead', 'list', '--json', ...more], {
    env: { EXPACTI_REDIS_URL: redis.url },
  });
  if (listed.code !== 0) throw new Error(`the dead letters were not listed: ${listed.stderr}${listed.stdout}`);
  return listed.json().data;
}

export const describeLetter = ({ group, event, error }: Frame): string => `${group} gave up ${event.type}: ${error}`;
