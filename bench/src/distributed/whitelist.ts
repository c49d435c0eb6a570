import type { AgentSocket, Answer } from '../support/agent-socket.js';
import { REVIEWER_TOKEN } from '../support/measured-server.js';
import { restAs } from '../support/rest.js';

/** 40 characters. */
export const WHITELISTED = 'docker logs --tail 100 web-frontend-blue';
const PATTERN = 'docker logs --tail 100 web-*';

/** Makes the rule that allows it; it is in force at every gateway when this resolves. */
export async function allowWhitelisted(url: string): Promise<void> {
  await restAs(url, REVIEWER_TOKEN)('POST', '/rules', {
    effect: 'allow',
    kind: 'command',
    pattern_type: 'glob',
    pattern: PATTERN,
    scope: { type: 'global' },
  });
}

/** Submits it; anything but "allowed" would make a figure of something else. */
export async function submitWhitelisted(agent: AgentSocket | undefined): Promise<Answer> {
  if (!agent) throw new Error('there is no such socket');
  const answer = await agent.submit(WHITELISTED);
  if (answer.outcome !== 'allowed') throw new Error(`the rule did not allow the command: ${JSON.stringify(answer)}`);
  return answer;
}
