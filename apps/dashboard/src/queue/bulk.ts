import type { Approval } from '../api/types.js';
import { foldOf } from '../command/fold.js';

/** What the server takes in one go. */
export const MOST_AT_ONCE = 200;

export interface Apart {
  approval: Approval;
  why: string;
}

/** The requests that may be decided together, and those that have to be looked at one by one. */
export function splitBulk(
  approvals: readonly Approval[],
  verb: 'approve' | 'deny',
): { fit: Approval[]; apart: Apart[] } {
  const fit: Approval[] = [];
  const apart: Apart[] = [];
  for (const approval of approvals) {
    const why = reasonApart(approval, verb) ?? (fit.length >= MOST_AT_ONCE ? `At most ${MOST_AT_ONCE} at once.` : null);
    if (why === null) fit.push(approval);
    else apart.push({ approval, why });
  }
  return { fit, apart };
}

function reasonApart(approval: Approval, verb: 'approve' | 'deny'): string | null {
  if (verb === 'deny') return null;
  if (approval.risk.level === 'critical') return 'Critical: it is approved one at a time.';
  if (approval.encrypted) return 'Encrypted: this browser cannot read it.';
  if (approval.risk.level === 'high' && foldOf(approval.command) !== null)
    return 'Long and of high risk: open it first.';
  return null;
}
