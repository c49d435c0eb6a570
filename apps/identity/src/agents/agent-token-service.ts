import {
  actorOf,
  ExpactiError,
  type IssuedAgentToken,
  type NewAgentToken,
  type UserPrincipal,
} from '@expacti/contracts';
import { hashToken, newShellToken } from '@expacti/crypto';
import { newId } from '@expacti/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { fieldChanges, newFields } from '../domain/field-changes.js';
import { liveActor } from '../people/live-actor.js';
import { AgentTokenRow } from '../storage/agent-token-row.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { presentToken } from './agent-presentation.js';
import { findAgent } from './agent-service.js';

/** Bounds what one agent's listing shows and what one leak is worth. */
const LIVE_TOKENS_PER_AGENT = 50;
/** `shell_` and four hex digits: enough to tell tokens apart, 112 bits of the secret remain. */
const HINT_LENGTH = 10;

const subjectOf = (token: AgentTokenRow) => ({ type: 'token', id: token.id });
const describe = (token: AgentTokenRow) => ({
  agent_id: token.agentId,
  name: token.name,
  hint: token.hint,
  targets: token.targets,
  shells: token.shells,
  kinds: token.kinds,
  expires_at: presentToken(token).expires_at,
});

/** Shell tokens: issued once, stored as a hash, revoked everywhere before the answer. */
@Injectable()
export class AgentTokenService {
  readonly #writer: IdentityWriter;

  constructor(@Inject(IdentityWriter) writer: IdentityWriter) {
    this.#writer = writer;
  }

  /** The only answer that ever holds the token itself. */
  issue(principal: UserPrincipal, agentId: string, request: NewAgentToken): Promise<IssuedAgentToken> {
    return this.#writer.change(principal.org, async (unit) => {
      await liveActor(unit.manager, principal, 'agents:write');
      const agent = await findAgent(unit.manager, principal.org, agentId);
      const live = await unit.manager.countBy(AgentTokenRow, { org: principal.org, agentId, revokedAt: IsNull() });
      if (live >= LIVE_TOKENS_PER_AGENT) {
        throw new ExpactiError('INVALID', `An agent has at most ${LIVE_TOKENS_PER_AGENT} tokens. Revoke one first.`);
      }
      const token = newShellToken();
      const row = tokenRow(principal.org, agent.id, token, request, unit.now);
      await unit.manager.insert(AgentTokenRow, row);
      unit.record('token.issued', actorOf(principal), subjectOf(row), newFields(describe(row)));
      return { ...presentToken(row), token };
    });
  }

  revoke(principal: UserPrincipal, agentId: string, id: string): Promise<void> {
    return this.#writer.change(principal.org, async (unit) => {
      await liveActor(unit.manager, principal, 'agents:write');
      const token = await unit.manager.findOneBy(AgentTokenRow, { org: principal.org, agentId, id });
      if (token === null) throw new ExpactiError('NOT_FOUND', 'There is no such token.');
      if (token.revokedAt === null) {
        await unit.manager.update(AgentTokenRow, { org: principal.org, id }, { revokedAt: unit.now });
        const changes = fieldChanges({ revoked: false }, { revoked: true });
        const fields = { agent_id: token.agentId, name: token.name, hint: token.hint, ...changes };
        unit.record('token.revoked', actorOf(principal), subjectOf(token), fields);
      }
      // Also where it was revoked before: an earlier call may have been cut off before gateways knew.
      unit.forget({ token_ids: [id] });
    });
  }
}

/** @param now milliseconds since the epoch */
export function tokenRow(
  org: string,
  agentId: string,
  token: string,
  request: NewAgentToken,
  now: number,
): AgentTokenRow {
  return {
    id: newId('tok'),
    org,
    agentId,
    name: request.name,
    hint: token.slice(0, HINT_LENGTH),
    tokenHash: hashToken(token),
    targets: request.targets ?? null,
    shells: request.shells ?? null,
    kinds: request.kinds ?? null,
    createdAt: now,
    expiresAt: expiryOf(request, now),
    lastUsedAt: null,
    revokedAt: null,
  };
}

function expiryOf(request: NewAgentToken, now: number): number | null {
  if (request.expires_at === null || request.expires_at === undefined) return null;
  const expiresAt = Date.parse(request.expires_at);
  if (expiresAt > now) return expiresAt;
  throw new ExpactiError('INVALID', 'expires_at: must lie in the future', {
    fields: [{ path: 'expires_at', message: 'must lie in the future' }],
  });
}
