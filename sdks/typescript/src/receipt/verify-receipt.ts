import { createHash, verify } from 'node:crypto';
import { ExpactiReceiptError } from '../errors.js';
import { isReceiptClaims, type ReceiptClaims } from './claims.js';
import type { ReceiptKeys } from './receipt-keys.js';

/** What the executor is about to do; the receipt must cover exactly this. */
export interface ReceiptExpectation {
  commandId: string;
  /** The exact text to run. */
  command: string;
  shell: string;
  cwd: string | null;
  target: string | null;
  /** Where known: the identity that submitted. */
  org?: string | undefined;
  agent?: string | undefined;
  /** Sessions in which this command was submitted; a reconnect can make it more than one. */
  sessionIds: ReadonlySet<string | null>;
}

export interface VerificationTime {
  /** Milliseconds since 1970. */
  now: number;
  /** How far the clocks of server and executor may differ, in seconds. */
  toleranceSeconds: number;
}

export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Verifies signature, time and every binding of a receipt (a compact JWS, EdDSA).
 * @throws ExpactiReceiptError that says what does not fit. The caller must not run anything then.
 */
export function verifyReceipt(
  receipt: string,
  keys: ReceiptKeys,
  expected: ReceiptExpectation,
  time: VerificationTime,
): ReceiptClaims {
  const claims = openReceipt(receipt, keys);
  requireFresh(claims, time);
  const mismatch = findMismatch(claims, expected);
  if (mismatch !== undefined) {
    throw new ExpactiReceiptError(
      `The receipt does not cover this command: its ${mismatch} differs.`,
      'RECEIPT_MISMATCH',
    );
  }
  return claims;
}

/** @throws ExpactiReceiptError when the receipt is not in force at that time. */
export function requireFresh(claims: ReceiptClaims, { now, toleranceSeconds }: VerificationTime): void {
  const seconds = now / 1_000;
  if (claims.exp <= seconds - toleranceSeconds) {
    throw new ExpactiReceiptError('The receipt has expired; submit the command again.', 'RECEIPT_EXPIRED');
  }
  if (claims.iat > seconds + toleranceSeconds) {
    const ahead = Math.ceil(claims.iat - seconds);
    throw new ExpactiReceiptError(
      `The receipt is dated ${ahead} s ahead; compare the clocks.`,
      'RECEIPT_NOT_YET_VALID',
    );
  }
}

/** The key that a receipt names, without trusting anything else in it. */
export function keyIdOf(receipt: string): string | undefined {
  const header = readPart(receipt.split('.')[0]) as { kid?: unknown } | undefined;
  return typeof header?.kid === 'string' ? header.kid : undefined;
}

function openReceipt(receipt: string, keys: ReceiptKeys): ReceiptClaims {
  const [head = '', body = '', signature = '', ...rest] = receipt.split('.');
  const header = readPart(head) as { alg?: unknown; kid?: unknown; crit?: unknown } | undefined;
  if (rest.length > 0 || header?.alg !== 'EdDSA' || typeof header.kid !== 'string' || header.crit !== undefined) {
    throw new ExpactiReceiptError('The receipt is malformed.', 'RECEIPT_MALFORMED');
  }
  const key = keys.find(header.kid);
  if (!key)
    throw new ExpactiReceiptError(
      'The receipt is signed by a key that the server does not publish.',
      'RECEIPT_KEY_UNKNOWN',
    );
  if (!verify(null, Buffer.from(`${head}.${body}`, 'utf8'), key, Buffer.from(signature, 'base64url'))) {
    throw new ExpactiReceiptError('The signature of the receipt is wrong.', 'RECEIPT_SIGNATURE');
  }
  const claims = readPart(body);
  if (!isReceiptClaims(claims)) throw new ExpactiReceiptError('The receipt lacks a claim.', 'RECEIPT_MALFORMED');
  return claims;
}

function readPart(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function findMismatch(claims: ReceiptClaims, expected: ReceiptExpectation): string | undefined {
  const pairs: [string, unknown, unknown][] = [
    ['command id', claims.sub, expected.commandId],
    ['text', claims.sha256, sha256Hex(expected.command)],
    ['shell', claims.shell, expected.shell],
    ['working directory', claims.cwd ?? null, expected.cwd],
    ['target', claims.target ?? null, expected.target],
    ['org', claims.org, expected.org ?? claims.org],
    ['agent', claims.agent, expected.agent ?? claims.agent],
  ];
  const different = pairs.find(([, actual, wanted]) => actual !== wanted);
  if (different) return different[0];
  return expected.sessionIds.has(claims.session_id ?? null) ? undefined : 'session';
}
