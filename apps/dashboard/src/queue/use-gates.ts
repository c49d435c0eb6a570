import { connection } from '../api/live.js';
import type { Approval } from '../api/types.js';
import { foldOf } from '../command/fold.js';
import { useMay } from '../session/session.js';
import { useStore } from '../ui/store.js';
import { gateOfApproval, gateOfDenial } from './gate.js';
import { useShownHash } from './use-shown-hash.js';

/** What may be decided about a request now. */
export interface Gates {
  approve: ReturnType<typeof gateOfApproval>;
  deny: ReturnType<typeof gateOfDenial>;
  /** Why nothing at all may be decided now. */
  basic: string | null;
  shownHash: string | null | 'unavailable';
}

export function useGates(approval: Approval, closedFold: boolean): Gates {
  const current = useStore(connection);
  const mayDecide = useMay('approvals:decide');
  const shownHash = useShownHash(approval.command);
  const folded = closedFold && approval.kind === 'command' && foldOf(approval.command) !== null;
  const deny = gateOfDenial({ approval, connection: current, mayDecide });
  const approve = gateOfApproval({ approval, connection: current, mayDecide, folded, shownHash });
  return { approve, deny, basic: deny.kind === 'shut' ? deny.why : null, shownHash };
}
