import { setTimeout as after } from 'node:timers/promises';
import { type Answer, caller } from '../support/rest.js';
import { attempt } from './attempt.js';
import type { LoadAgentIdentity } from './load-agent.js';
import type { LoadReviewerIdentity } from './load-reviewer.js';
import { ROUTINE_PATTERN } from './story.js';

const PASSWORD = 'a long enough pass phrase 7';
const MOST_TRIES = 30;
const RETRY_MS = 500;

/** Who takes part: agents that an owner registered, and reviewers who are people of their own. */
export interface Cast {
  readonly agents: readonly LoadAgentIdentity[];
  readonly reviewers: readonly LoadReviewerIdentity[];
}

/** @param timeoutSeconds after which what nobody answered is denied */
export async function makeCast(
  url: string,
  ownerToken: string,
  { agents, reviewers, timeoutSeconds }: { agents: number; reviewers: number; timeoutSeconds: number },
): Promise<Cast> {
  const owner = caller(url, ownerToken);
  const timeout = { action: 'deny', seconds: timeoutSeconds };
  await insist(() => owner('PATCH', '/org', { timeout }), 200);
  const rule = { effect: 'allow', pattern_type: 'glob', pattern: ROUTINE_PATTERN, scope: { type: 'global' } };
  await insist(() => owner('POST', '/rules', rule), 201, 409);
  // Unlike those of an earlier cast of the same org.
  const generation = Date.now().toString(36);
  const cast = { agents: [] as LoadAgentIdentity[], reviewers: [] as LoadReviewerIdentity[] };
  for (let index = 0; index < agents; index += 1) {
    const label = `${generation}.${index + 1}`;
    const { id } = await insist(() => owner('POST', '/agents', { name: `load ${label}` }), 201);
    const { token } = await insist(() => owner('POST', `/agents/${id}/tokens`, { name: 'load' }), 201);
    cast.agents.push({ id, token, label });
  }
  for (let index = 0; index < reviewers; index += 1)
    cast.reviewers.push(await makeReviewer(url, ownerToken, `r${index + 1}.${generation}`));
  return cast;
}

async function makeReviewer(url: string, ownerToken: string, name: string): Promise<LoadReviewerIdentity> {
  const email = `${name}@example.com`;
  const invited = await insist(
    () => caller(url, ownerToken)('POST', '/users', { email, name, roles: ['reviewer'] }),
    201,
  );
  const accepted = { token: invited.invitation_token, password: PASSWORD };
  await insist(() => caller(url, null)('POST', '/auth/invitation', accepted), 200);
  const signIn = async (at: string): Promise<string | null> => {
    const answer = await attempt(at, null, 'POST', '/auth/login', { email, password: PASSWORD });
    return answer?.status === 200 ? answer.body.access_token : null;
  };
  const token = await signIn(url);
  if (token === null) throw new Error(`${name} could not sign in`);
  return { id: invited.id, name, token, signIn };
}

/** The body of an answer that was expected. Who is told to come back later does. */
async function insist(ask: () => Promise<Answer>, ...expected: number[]) {
  for (let tries = 1; ; tries += 1) {
    const { status, body } = await ask();
    if (expected.includes(status)) return body;
    if (tries === MOST_TRIES || (status !== 429 && status !== 503))
      throw new Error(`answered with ${status}: ${JSON.stringify(body)}`);
    await after(RETRY_MS);
  }
}
