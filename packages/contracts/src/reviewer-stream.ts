import { z } from 'zod';
import { Approval } from './approval.js';
import { Session } from './session.js';

/** The dashboard's socket says only what changed; REST holds the state. */
export const REVIEWER_EVENTS = {
  'approval.requested': z.object({ approval: Approval }),
  'approval.updated': z.object({ approval: Approval }),
  'approval.closed': z.object({ approval: Approval }),
  'session.started': z.object({ session: Session }),
  'session.ended': z.object({ session_id: z.string() }),
  /** Something in a list changed: read it again. */
  changed: z.object({ area: z.enum(['rules', 'targets', 'agents', 'org', 'users']) }),
} as const;
export type ReviewerEventName = keyof typeof REVIEWER_EVENTS;
