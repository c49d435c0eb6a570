import { type Agent, unwrap } from '@expacti/sdk';
import { escapeText } from '@expacti/shell';
import { answer, type CliContext } from '../context.js';
import { table } from '../display/table.js';
import { timeSince } from '../display/time-left.js';
import { EXIT } from '../exit-codes.js';
import { connectReviewer } from '../settings/connect.js';
import { readList, readSeconds, requireOneOf } from './flag-values.js';

/** `expacti agents list`. */
export async function listAgents(context: CliContext): Promise<number> {
  const { api } = await connectReviewer(context);
  const found: Agent[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const page = await unwrap(api.GET('/api/v1/agents', { params: { query } }));
    found.push(...page.data);
    cursor = page.next_cursor;
  }
  answer(context, { data: found }, () =>
    found.length === 0
      ? 'There are no agents. Register one with: expacti agents create NAME'
      : table(
          found.map((agent) => [
            agent.id,
            agent.suspended ? 'suspended' : 'active',
            `${agent.tokens.filter((token) => token.revoked_at === null).length} tokens`,
            agent.last_seen_at === null ? 'never seen' : timeSince(agent.last_seen_at, context.now()),
            escapeText(agent.name),
          ]),
        ),
  );
  return EXIT.ok;
}

/** `expacti agents create NAME`: the caller owns it. */
export async function createAgent(context: CliContext, name: string, flags: { description?: string }): Promise<number> {
  const { api } = await connectReviewer(context);
  const agent = await unwrap(
    api.POST('/api/v1/agents', {
      body: { name, ...(flags.description === undefined ? {} : { description: flags.description }) },
    }),
  );
  answer(context, agent, () => `Made ${agent.id}. Give it a token: expacti agents token ${agent.id} --name NAME`);
  return EXIT.ok;
}

export interface TokenFlags {
  name: string;
  targets?: string;
  shells?: string;
  kinds?: string;
  ttl?: string;
}

/** `expacti agents token AGENT`: the token alone on standard output, once. */
export async function issueToken(context: CliContext, id: string, flags: TokenFlags): Promise<number> {
  const { api } = await connectReviewer(context);
  const shells = readList(flags.shells)?.map((text) =>
    requireOneOf('--shells', text, ['bash', 'sh', 'dash', 'zsh', 'fish'] as const),
  );
  const kinds = readList(flags.kinds)?.map((text) =>
    requireOneOf('--kinds', text, ['command', 'tool_call', 'file_transfer'] as const),
  );
  const targets = readList(flags.targets);
  const issued = await unwrap(
    api.POST('/api/v1/agents/{id}/tokens', {
      params: { path: { id } },
      body: {
        name: flags.name,
        ...(targets === undefined ? {} : { targets }),
        ...(shells === undefined ? {} : { shells }),
        ...(kinds === undefined ? {} : { kinds }),
        ...(flags.ttl === undefined
          ? {}
          : { expires_at: new Date(context.now() + readSeconds('--ttl', flags.ttl) * 1_000).toISOString() }),
      },
    }),
  );
  if (!context.json) context.error.write('Keep this token; it is not shown again.\n');
  answer(context, issued, () => issued.token);
  return EXIT.ok;
}

/** `expacti agents revoke AGENT TOKEN`: answers when no gateway takes it any more. */
export async function revokeToken(context: CliContext, id: string, tokenId: string): Promise<number> {
  const { api } = await connectReviewer(context);
  await unwrap(api.DELETE('/api/v1/agents/{id}/tokens/{token_id}', { params: { path: { id, token_id: tokenId } } }));
  answer(context, { revoked: tokenId }, () => `Revoked ${tokenId}.`);
  return EXIT.ok;
}

/** `expacti agents suspend AGENT` and `resume AGENT`. */
export async function switchAgent(context: CliContext, id: string, to: 'suspend' | 'resume'): Promise<number> {
  const { api } = await connectReviewer(context);
  const request = { params: { path: { id } }, body: {} };
  const agent = await unwrap(
    to === 'suspend'
      ? api.POST('/api/v1/agents/{id}/suspend', request)
      : api.POST('/api/v1/agents/{id}/resume', request),
  );
  answer(
    context,
    agent,
    () => `${agent.id} (${escapeText(agent.name)}) is ${agent.suspended ? 'suspended' : 'active'}.`,
  );
  return EXIT.ok;
}
