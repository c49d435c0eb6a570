import { actorOf, ExpactiError, type RpcResponse, type UserPrincipal } from '@expacti/contracts';
import { hashToken, newSecret } from '@expacti/crypto';
import { type Database, newId } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { REFRESH_GRACE_MS, REFRESH_TOKEN_MS, SIGN_IN_MEMORY_MS, SIGN_IN_MS } from '../domain/durations.js';
import { userPrincipal } from '../domain/principals.js';
import { EvalMode } from '../eval-mode.js';
import { presentUser } from '../people/user-presentation.js';
import type { ChangeUnit } from '../storage/change-unit.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { OrgRow } from '../storage/org-row.js';
import { RefreshTokenRow } from '../storage/refresh-token-row.js';
import { SignInRow } from '../storage/sign-in-row.js';
import { UserRow } from '../storage/user-row.js';
import { AccessTokens } from './access-tokens.js';
import { endSignIns } from './end-sign-ins.js';

export type SignedIn = RpcResponse<'identity.login'>;

/** Where somebody signs in from. */
export interface Device {
  address: string;
  user_agent: string;
}

/** What a transaction made, before it is answered. */
export interface OpenedSignIn {
  user: UserRow;
  signIn: SignInRow;
  refreshToken: string;
  refreshExpiresAt: number;
}

/** A refused one learns nothing; a reused one has just ended its whole sign-in. */
type Rotation = { type: 'rotated'; opened: OpenedSignIn } | { type: 'refused' } | { type: 'reused' };

/** Sign-ins and their tokens, from the moment that somebody has proved who they are. */
@Injectable()
export class SignInService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #writer: IdentityWriter;
  readonly #evalMode: EvalMode;
  readonly #accessTokens: AccessTokens;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(IdentityWriter) writer: IdentityWriter,
    @Inject(EvalMode) evalMode: EvalMode,
    @Inject(AccessTokens) accessTokens: AccessTokens,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#writer = writer;
    this.#evalMode = evalMode;
    this.#accessTokens = accessTokens;
  }

  /** Opens a sign-in within a transaction; `answer` it after the commit. */
  async open(unit: ChangeUnit, user: UserRow, device: Device): Promise<OpenedSignIn> {
    await forgetOldSignIns(unit, user);
    const signIn: SignInRow = {
      id: newId('sin'),
      org: user.org,
      userId: user.id,
      createdAt: unit.now,
      expiresAt: unit.now + SIGN_IN_MS,
      revokedAt: null,
      address: device.address,
      userAgent: device.user_agent,
    };
    await unit.manager.insert(SignInRow, signIn);
    await unit.manager.update(UserRow, { org: user.org, id: user.id }, { lastSignInAt: unit.now });
    const seen = { ...user, lastSignInAt: unit.now };
    const fields = { address: device.address, user_agent: device.user_agent };
    unit.record('user.signed_in', actorOf(userPrincipal(user, signIn.id)), { type: 'user', id: user.id }, fields);
    return addRefreshToken(unit, seen, signIn);
  }

  /** Not to be called inside a transaction: it may have to make a signing key. */
  async answer({ user, signIn, refreshToken, refreshExpiresAt }: OpenedSignIn): Promise<SignedIn> {
    const access = await this.#accessTokens.issue(user, signIn.id);
    return {
      access_token: access.token,
      expires_in: access.expiresInSeconds,
      refresh_token: refreshToken,
      refresh_expires_in: Math.floor((refreshExpiresAt - this.#clock.now()) / 1_000),
      user: presentUser(user),
    };
  }

  /**
   * Trades a refresh token for the next one. A token that was traded before was copied: whoever holds the copy, the sign-in
   * ends. Only within a few seconds is a second trade taken for a second tab.
   * @throws UNAUTHENTICATED
   */
  async refresh(refreshToken: string): Promise<SignedIn> {
    const tokenHash = hashToken(refreshToken);
    const known = await this.#database.read((manager) => manager.findOneBy(RefreshTokenRow, { tokenHash }));
    const outcome: Rotation =
      known === null
        ? { type: 'refused' }
        : await this.#writer.change(known.org, (unit) => this.#rotate(unit, tokenHash));
    switch (outcome.type) {
      case 'rotated':
        return this.answer(outcome.opened);
      case 'refused':
      case 'reused':
        throw new ExpactiError('UNAUTHENTICATED', 'This sign-in has ended. Sign in again.');
    }
  }

  /** Ends the sign-in that the refresh token or the principal belongs to; fine if it has ended already. */
  async signOut(refreshToken: string | null, principal: UserPrincipal | null): Promise<void> {
    if (principal?.sign_in_id != null) await this.#end(principal.org, principal.sign_in_id);
    if (refreshToken === null) return;
    const tokenHash = hashToken(refreshToken);
    const token = await this.#database.read((manager) => manager.findOneBy(RefreshTokenRow, { tokenHash }));
    if (token !== null && token.signInId !== principal?.sign_in_id) await this.#end(token.org, token.signInId);
  }

  #end(org: string, signInId: string): Promise<void> {
    return this.#writer.change(org, async (unit) => {
      const signIn = await unit.manager.findOneBy(SignInRow, { org, id: signInId });
      const user = signIn && (await unit.manager.findOneBy(UserRow, { org, id: signIn.userId }));
      if (user) await endSignIns(unit, user, { only: signInId, reason: 'signed out' });
    });
  }

  async #rotate(unit: ChangeUnit, tokenHash: string): Promise<Rotation> {
    const { manager, org, now } = unit;
    const token = await manager.findOneBy(RefreshTokenRow, { org, tokenHash });
    const signIn = token && (await manager.findOneBy(SignInRow, { org, id: token.signInId }));
    const user = signIn && (await manager.findOneBy(UserRow, { org, id: signIn.userId }));
    if (!token || !signIn || !user || !(await this.#isLive(unit, token, signIn, user))) return { type: 'refused' };
    if (token.rotatedAt !== null && now - token.rotatedAt > REFRESH_GRACE_MS) {
      await endSignIns(unit, user, { only: signIn.id, reason: 'a refresh token was used twice' });
      return { type: 'reused' };
    }
    // A second tab does not make the time of grace longer.
    if (token.rotatedAt === null) await manager.update(RefreshTokenRow, { tokenHash }, { rotatedAt: now });
    return { type: 'rotated', opened: await addRefreshToken(unit, user, signIn) };
  }

  async #isLive(unit: ChangeUnit, token: RefreshTokenRow, signIn: SignInRow, user: UserRow): Promise<boolean> {
    const org = await unit.manager.findOneBy(OrgRow, { id: unit.org });
    const hasTime = token.expiresAt > unit.now && signIn.expiresAt > unit.now;
    return org !== null && this.#evalMode.admits(org) && user.active && signIn.revokedAt === null && hasTime;
  }
}

async function addRefreshToken(unit: ChangeUnit, user: UserRow, signIn: SignInRow): Promise<OpenedSignIn> {
  const refreshToken = `refresh_${newSecret()}`;
  const refreshExpiresAt = Math.min(unit.now + REFRESH_TOKEN_MS, signIn.expiresAt);
  await unit.manager.insert(RefreshTokenRow, {
    tokenHash: hashToken(refreshToken),
    org: user.org,
    signInId: signIn.id,
    expiresAt: refreshExpiresAt,
    rotatedAt: null,
  });
  return { user, signIn, refreshToken, refreshExpiresAt };
}

/** Whoever signs in clears away what is expired of their org, and what is too old of themselves. */
async function forgetOldSignIns(unit: ChangeUnit, user: UserRow): Promise<void> {
  await unit.manager.delete(RefreshTokenRow, { org: user.org, expiresAt: LessThan(unit.now) });
  const old = { org: user.org, userId: user.id, expiresAt: LessThan(unit.now - SIGN_IN_MEMORY_MS) };
  await unit.manager.delete(SignInRow, old);
}
