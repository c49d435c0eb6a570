import { type JwsFault, signJws, verifyJws } from './jws.js';
import type { SigningKey, VerificationKeys } from './signing-key.js';

const TYPE = 'expacti-checkpoint+jwt';

/** Where an org's chain stood. Kept outside of the system, it shows a past that was rewritten. */
export interface CheckpointClaims {
  readonly org: string;
  readonly sequence: number;
  readonly hash: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export type VerifiedCheckpoint =
  | { readonly ok: true; readonly checkpoint: CheckpointClaims }
  | { readonly ok: false; readonly fault: JwsFault | 'wrong_claims' };

export function signCheckpoint(key: SigningKey, { org, sequence, hash, at }: CheckpointClaims): string {
  return signJws(key, TYPE, { org, sequence, hash, at });
}

/** Whether the text is a checkpoint that one of the keys has signed. Never throws. */
export function verifyCheckpoint(text: string, keys: VerificationKeys): VerifiedCheckpoint {
  const verified = verifyJws(text, TYPE, keys);
  if (!verified.ok) return verified;
  const { org, sequence, hash, at } = verified.payload;
  if (
    typeof org !== 'string' ||
    typeof hash !== 'string' ||
    typeof at !== 'string' ||
    !Number.isSafeInteger(sequence)
  ) {
    return { ok: false, fault: 'wrong_claims' };
  }
  return { ok: true, checkpoint: { org, sequence: sequence as number, hash, at } };
}
