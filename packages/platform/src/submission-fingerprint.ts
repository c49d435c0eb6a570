import { createHash } from 'node:crypto';
import type { CommandKind, Shell } from '@expacti/contracts';

/** What makes two submissions the same request: what would run, and where. Not why, nor in which session. */
export interface SubmissionIdentity {
  readonly kind: CommandKind;
  /** The command, or the canonical JSON of another kind. */
  readonly text: string;
  readonly shell: Shell;
  readonly cwd: string | null;
  readonly target: string | null;
}

/** SHA-256 (hex) that an idempotency key is bound to: the key with another fingerprint is a clash. */
export const submissionFingerprint = ({ kind, text, shell, cwd, target }: SubmissionIdentity): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, text, shell, cwd, target]))
    .digest('hex');
