import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from './sha256.js';

/**
 * Bearer tokens. All carry 128 random bits, so a plain SHA-256 is enough to store them by: there is nothing to guess.
 * (Passwords are another matter: argon2id, in the identity service.)
 */

const RANDOM_BYTES = 16;

const token = (prefix: string): string => `${prefix}_${randomBytes(RANDOM_BYTES).toString('hex')}`;

/** An agent's token: `shell_<32 hex>`. Shown once. */
export const newShellToken = (): string => token('shell');

/** A program's key: `expacti_<32 hex>`. Shown once. */
export const newApiKey = (): string => token('expacti');

/** A secret that is carried in a cookie, a link or a refresh token: 256 bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored instead of a token, and looked up by: 64 hex digits. */
export const hashToken = (text: string): string => sha256Hex(text);

/** Whether the token has that hash; takes the same time wherever they differ. */
export function matchesTokenHash(text: string, hash: string): boolean {
  return constantTimeEqual(hashToken(text), hash);
}

/** Compares secrets without telling by its time where they differ; their length is not secret. */
export function constantTimeEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
