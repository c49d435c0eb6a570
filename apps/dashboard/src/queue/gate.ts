import type { Connection } from '../api/connection.js';
import type { Approval } from '../api/types.js';

/** Whether a request may be decided from this page now, and how much care it asks for. */
export type Gate =
  | { kind: 'open' }
  /** Hold the key, or type the target's name. */
  | { kind: 'careful'; word: string }
  | { kind: 'shut'; why: string };

export interface GateFacts {
  approval: Approval;
  connection: Connection;
  mayDecide: boolean;
  /** A long command is folded and nobody opened it. */
  folded: boolean;
  /** SHA-256 of the text on the screen; null while it is computed, 'unavailable' where the browser cannot. */
  shownHash: string | null | 'unavailable';
}

/** The gate of approving. Denying asks only for `gateOfDenial`. */
export function gateOfApproval(facts: GateFacts): Gate {
  const { approval, folded, shownHash } = facts;
  const basic = gateOfDenial(facts);
  if (basic.kind === 'shut') return basic;
  if (approval.encrypted) return shut('This command is encrypted, and this browser has no key to read it.');
  if (shownHash === null) return shut('Checking that the text shown is the text asked for.');
  if (shownHash !== 'unavailable' && shownHash !== approval.command_sha256) {
    return shut(
      'The text shown is not the text that the server would allow. Reload; if it stays so, deny it and tell your administrator.',
    );
  }
  const grave = approval.risk.level === 'high' || approval.risk.level === 'critical';
  if (grave && folded) return shut('Open the folded part first.');
  return approval.risk.level === 'critical'
    ? { kind: 'careful', word: approval.target ?? approval.agent.name }
    : { kind: 'open' };
}

export function gateOfDenial({ approval, connection, mayDecide }: Omit<GateFacts, 'folded' | 'shownHash'>): Gate {
  if (approval.status !== 'pending') return shut('It is decided already.');
  if (!mayDecide) return shut('Your role may look, but not decide.');
  if (connection.state !== 'live')
    return shut('What you see may be out of date. Deciding waits until the connection is back.');
  return { kind: 'open' };
}

function shut(why: string): Gate {
  return { kind: 'shut', why };
}
