import { CLOCK, type Clock } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { errors, type JWTVerifyResult, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ACCESS_TOKEN_MS } from '../domain/durations.js';
import { SigningKeys } from './signing-keys.js';

/** What an access token says. It is only a name: whether the sign-in still lives is asked of the database each time. */
export interface AccessClaims {
  org: string;
  userId: string;
  signInId: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

const ISSUER = 'expacti';
const AUDIENCE = 'expacti-api';
const ALGORITHM = 'EdDSA';
/** RFC 9068: no other token that these keys might ever sign passes for an access token. */
const TYPE = 'at+jwt';

const Payload = z.object({ sub: z.string(), org: z.string(), sid: z.string(), exp: z.number() });

/** Access tokens: JWTs of 15 minutes, signed with Ed25519. */
@Injectable()
export class AccessTokens {
  readonly #keys: SigningKeys;
  readonly #clock: Clock;

  constructor(@Inject(SigningKeys) keys: SigningKeys, @Inject(CLOCK) clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  async issue(
    user: { org: string; id: string },
    signInId: string,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    const key = await this.#keys.current();
    const issuedAt = Math.floor(this.#clock.now() / 1_000);
    const expiresInSeconds = ACCESS_TOKEN_MS / 1_000;
    const token = await new SignJWT({ org: user.org, sid: signInId })
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TYPE })
      .setSubject(user.id)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + expiresInSeconds)
      .sign(key.privateKey);
    return { token, expiresInSeconds };
  }

  /** The claims of a token that this installation signed and that has not expired; null for everything else. */
  async verify(token: string): Promise<AccessClaims | null> {
    const verified = await this.#verified(token);
    const payload = Payload.safeParse(verified?.payload);
    if (!payload.success) return null;
    const { org, sub, sid, exp } = payload.data;
    return { org, userId: sub, signInId: sid, expiresAt: exp * 1_000 };
  }

  async #verified(token: string): Promise<JWTVerifyResult | null> {
    // A failing look-up of keys is our failure, not the token's: it must not read as "nobody".
    let failure: { error: unknown } | undefined;
    const keyOf = async ({ kid }: { kid?: string }) => {
      const key = await this.#keys.find(typeof kid === 'string' ? kid : '').catch((error: unknown) => {
        failure = { error };
        return undefined;
      });
      if (key === undefined) throw new errors.JWKSNoMatchingKey();
      return key;
    };
    try {
      return await jwtVerify(token, keyOf, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: new Date(this.#clock.now()),
      });
    } catch {
      if (failure !== undefined) throw failure.error;
      return null;
    }
  }
}
