import { type JwsFault, signJws, verifyJws } from './jws.js';
import { sha256Hex } from './sha256.js';
import type { SigningKey, VerificationKeys } from './signing-key.js';

const TYPE = 'expacti-receipt+jwt';

/** Clocks of two machines may differ by this much, in seconds. */
const CLOCK_SKEW_SECONDS = 5;

/** What was allowed: these bytes, for this agent, there, until then. */
export interface ReceiptClaims {
  /** The command's id. */
  readonly sub: string;
  readonly org: string;
  readonly agent: string;
  readonly session_id: string | null;
  readonly target: string | null;
  readonly shell: string;
  readonly cwd: string | null;
  /** SHA-256 of the exact command bytes, hex. */
  readonly sha256: string;
  readonly outcome: 'allowed';
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** What an executor is about to do; each field that is given must be what the receipt says. */
export interface Intent {
  /** The text that will run; its bytes are hashed here. */
  readonly command: string | Uint8Array;
  readonly shell: string;
  readonly cwd: string | null;
  readonly target?: string | null;
  readonly commandId?: string;
  readonly agent?: string;
}

export type ReceiptFault =
  | JwsFault
  | 'wrong_claims'
  | 'not_yet_valid'
  | 'expired'
  | 'other_command'
  | 'other_shell'
  | 'other_cwd'
  | 'other_target'
  | 'other_command_id'
  | 'other_agent';

export type VerifiedReceipt =
  | { readonly ok: true; readonly claims: ReceiptClaims }
  | { readonly ok: false; readonly fault: ReceiptFault };

/** Signs a receipt. That there is one at most for a command is the caller's to record first. */
export function mintReceipt(key: SigningKey, claims: ReceiptClaims): string {
  if (!isReceiptClaims(claims)) throw new Error('These are not the claims of a receipt');
  return signJws(key, TYPE, claims);
}

/**
 * Checks a receipt before anything runs: algorithm, key, signature, times, and that what is about to run is what was
 * allowed. Never throws, whatever the text is.
 * @param now milliseconds since the epoch
 */
export function verifyReceipt(receipt: string, keys: VerificationKeys, now: number, intent?: Intent): VerifiedReceipt {
  const verified = verifyJws(receipt, TYPE, keys);
  if (!verified.ok) return verified;
  const claims: unknown = verified.payload;
  if (!isReceiptClaims(claims)) return { ok: false, fault: 'wrong_claims' };
  const seconds = now / 1000;
  if (seconds < claims.iat - CLOCK_SKEW_SECONDS) return { ok: false, fault: 'not_yet_valid' };
  // No skew here: a receipt that has run out stays out, also for a clock that is behind.
  if (!(seconds < claims.exp)) return { ok: false, fault: 'expired' };
  const fault = intent === undefined ? undefined : mismatch(claims, intent);
  return fault === undefined ? { ok: true, claims } : { ok: false, fault };
}

function mismatch(claims: ReceiptClaims, intent: Intent): ReceiptFault | undefined {
  if (sha256Hex(intent.command) !== claims.sha256) return 'other_command';
  if (intent.shell !== claims.shell) return 'other_shell';
  if (intent.cwd !== claims.cwd) return 'other_cwd';
  if (intent.target !== undefined && intent.target !== claims.target) return 'other_target';
  if (intent.commandId !== undefined && intent.commandId !== claims.sub) return 'other_command_id';
  if (intent.agent !== undefined && intent.agent !== claims.agent) return 'other_agent';
  return undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

function isReceiptClaims(value: unknown): value is ReceiptClaims {
  const claims = value as Partial<Record<keyof ReceiptClaims, unknown>>;
  return (
    [claims.sub, claims.org, claims.agent, claims.shell, claims.jti].every(isText) &&
    [claims.session_id, claims.target, claims.cwd].every(isTextOrNull) &&
    typeof claims.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(claims.sha256) &&
    claims.outcome === 'allowed' &&
    Number.isSafeInteger(claims.iat) &&
    Number.isSafeInteger(claims.exp) &&
    (claims.exp as number) > (claims.iat as number)
  );
}
