import type { Principal, RpcResponse } from '@expacti/contracts';
import { constantTimeEqual, hashToken } from '@expacti/crypto';
import type { Database } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LastUsedRecorder } from '../agents/last-used-recorder.js';
import { DEMO_REVIEWER_TOKEN, DEMO_SHELL_TOKEN } from '../domain/demo.js';
import { agentPrincipal, userPrincipal } from '../domain/principals.js';
import { EvalMode } from '../eval-mode.js';
import { AgentRow } from '../storage/agent-row.js';
import { AgentTokenRow } from '../storage/agent-token-row.js';
import { OrgRow } from '../storage/org-row.js';
import { SignInRow } from '../storage/sign-in-row.js';
import { UserRow } from '../storage/user-row.js';
import { AccessTokens } from './access-tokens.js';

type Answer = RpcResponse<'identity.authenticate'>;

const NOBODY: Answer = { principal: null, expires_at: null };
const SHELL_TOKEN = /^shell_[0-9a-f]{32}$/;

/**
 * Tells who stands behind a credential, by what the database says now. Anything unknown, expired, revoked, suspended or
 * malformed is nobody, without a word why.
 */
@Injectable()
export class Authenticator {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #evalMode: EvalMode;
  readonly #accessTokens: AccessTokens;
  readonly #lastUsed: LastUsedRecorder;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(EvalMode) evalMode: EvalMode,
    @Inject(AccessTokens) accessTokens: AccessTokens,
    @Inject(LastUsedRecorder) lastUsed: LastUsedRecorder,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#evalMode = evalMode;
    this.#accessTokens = accessTokens;
    this.#lastUsed = lastUsed;
  }

  /**
   * @returns the identity, and when its credential ends (null: only by revocation). Whoever remembers the answer until
   *   then also listens for `identity.changed` and holds a lease.
   * @throws DatabaseUnavailable: not knowing is not the same as nobody, and never the same as somebody
   */
  async authenticate(credential: string): Promise<Answer> {
    if (SHELL_TOKEN.test(credential) || credential === DEMO_SHELL_TOKEN) return this.#agent(credential);
    if (constantTimeEqual(credential, DEMO_REVIEWER_TOKEN)) return this.#demoReviewer();
    return this.#person(credential);
  }

  #agent(credential: string): Promise<Answer> {
    return this.#database.read(async (manager) => {
      const token = await manager.findOneBy(AgentTokenRow, { tokenHash: hashToken(credential) });
      if (token === null || token.revokedAt !== null || this.#isPast(token.expiresAt)) return NOBODY;
      const agent = await manager.findOneBy(AgentRow, { org: token.org, id: token.agentId });
      if (agent === null || agent.suspended || !(await this.#admits(manager, token.org))) return NOBODY;
      this.#lastUsed.used(token);
      return somebody(agentPrincipal(agent, token), token.expiresAt);
    });
  }

  async #demoReviewer(): Promise<Answer> {
    if (!this.#evalMode.on) return NOBODY;
    return this.#database.read(async (manager) => {
      const user = await manager.findOneBy(UserRow, { demo: true });
      return user?.active === true && (await this.#admits(manager, user.org))
        ? somebody(userPrincipal(user, null), null)
        : NOBODY;
    });
  }

  async #person(credential: string): Promise<Answer> {
    const claims = await this.#accessTokens.verify(credential);
    if (claims === null) return NOBODY;
    const { org, userId, signInId } = claims;
    return this.#database.read(async (manager) => {
      const signIn = await manager.findOneBy(SignInRow, { org, id: signInId, userId });
      if (signIn === null || signIn.revokedAt !== null || this.#isPast(signIn.expiresAt)) return NOBODY;
      const user = await manager.findOneBy(UserRow, { org, id: userId });
      if (user === null || !user.active || !(await this.#admits(manager, org))) return NOBODY;
      return somebody(userPrincipal(user, signInId), Math.min(claims.expiresAt, signIn.expiresAt));
    });
  }

  async #admits(manager: EntityManager, id: string): Promise<boolean> {
    const org = await manager.findOneBy(OrgRow, { id });
    return org !== null && this.#evalMode.admits(org);
  }

  #isPast(expiresAt: number | null): boolean {
    return expiresAt !== null && expiresAt <= this.#clock.now();
  }
}

const somebody = (principal: Principal, expiresAt: number | null): Answer => ({
  principal,
  expires_at: expiresAt === null ? null : timestamp(expiresAt),
});
