import { z } from 'zod';
import { Approval } from './approval.js';
import { Session } from './session.js';

/** A place in the stream, opaque to clients: what happened after it can be asked for. */
const Cursor = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'Opaque; everything after it can be asked for with changes_since' });

const approvalEvent = z.object({ approval: Approval, cursor: Cursor });

/** The dashboard's socket says only what changed; REST holds the state. */
export const REVIEWER_EVENTS = {
  /** The first event of a connection: from here on nothing is missed until it ends. */
  ready: z.object({ cursor: Cursor }),
  'approval.requested': approvalEvent,
  'approval.updated': approvalEvent,
  'approval.closed': approvalEvent,
  'session.started': z.object({ session: Session }),
  'session.ended': z.object({ session_id: z.string() }),
  /** Something in a list changed: read it again. */
  changed: z.object({ area: z.enum(['rules', 'targets', 'agents', 'org', 'users']) }),
} as const;
export type ReviewerEventName = keyof typeof REVIEWER_EVENTS;

/** What a client may ask; the answer comes as the acknowledgement of the event. */
export const REVIEWER_REQUESTS = {
  /** After a reconnect, with the last cursor that was seen before. */
  changes_since: z.strictObject({ cursor: Cursor }),
} as const;

/** Read everything again: the cursor is too old, names no place, or too much has changed since. */
const Reset = z.object({ reset: z.literal(true), cursor: Cursor });

export const REVIEWER_REPLIES = {
  /**
   * Each approval that changed since, as it is now, the latest change first; one that was seen before may come again.
   * Only approvals: other lists are cheap to read and are read again in any case.
   */
  changes_since: z.discriminatedUnion('reset', [
    z.object({ reset: z.literal(false), approvals: z.array(Approval), cursor: Cursor }),
    Reset,
  ]),
} as const;
export type ChangesSince = z.infer<(typeof REVIEWER_REPLIES)['changes_since']>;
