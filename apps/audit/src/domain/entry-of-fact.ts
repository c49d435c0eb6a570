import type { Actor } from '@expacti/contracts';
import { toWellFormed } from '@expacti/crypto';
import type { Fact } from '@expacti/platform';

/** What is hashed of an entry, before it has its place in the chain. */
export interface EntryBody {
  readonly at: string;
  readonly actor: Actor;
  readonly action: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly data: Record<string, unknown>;
}

/** The escapes that JSON text uses for lone surrogates. What merely looks like one costs a copy and changes nothing. */
const SURROGATE_ESCAPE = /\\ud[89a-f][0-9a-f]{2}/;

/**
 * The audit entry of an event. Canonical JSON cannot hold lone surrogates, which a hostile text may contain: they become
 * U+FFFD, so that nothing can keep itself out of the log.
 */
export function entryOfFact({ at, type, payload }: Fact): EntryBody {
  const entry: EntryBody = {
    at: new Date(at).toISOString(),
    actor: payload.actor,
    action: type,
    subject: payload.subject,
    data: payload.data as Record<string, unknown>,
  };
  return SURROGATE_ESCAPE.test(JSON.stringify(entry)) ? toWellFormed(entry) : entry;
}

/** The command whose story the event belongs to; null for one that is about something else. */
export function commandIdOf(fact: Fact): string | null {
  switch (fact.type) {
    case 'command.submitted':
    case 'command.decided':
      return fact.payload.data.command.id;
    case 'command.started':
    case 'command.withdrawn':
    case 'command.finished':
      return fact.payload.subject.id;
    case 'approval.requested':
    case 'approval.updated':
    case 'approval.closed':
      return fact.payload.data.approval.command_id;
    case 'approval.voted':
      return fact.payload.data.command_id;
    default:
      return null;
  }
}
