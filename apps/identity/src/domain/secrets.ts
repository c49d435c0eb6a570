import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Fills a buffer of that many random bytes. */
export type RandomBytes = (size: number) => Buffer;

/** What `hashSecret` gives for a secret is all that is ever stored of it. Secrets here are random, so no salt is needed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares without telling by its time where the difference is. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** The token of an agent: `shell_` and 32 hex digits (128 random bits). */
export const newShellToken = (random: RandomBytes = randomBytes): string => `shell_${random(16).toString('hex')}`;

/** One-time and refresh tokens: what they are for, and 256 random bits. */
export const newSecret = (purpose: 'setup' | 'invite' | 'refresh', random: RandomBytes = randomBytes): string =>
  `${purpose}_${random(32).toString('base64url')}`;
