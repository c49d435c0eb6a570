import type { AuditEntry, EventType } from '@expacti/contracts';
import type { AuditIndex } from './audit-index.js';
import type { LoadRecord } from './load.js';
import type { RequestCall } from './request-register.js';
import type { Story } from './story.js';
import { unverifiedClaims } from './unverified-claims.js';

/** Something that was acknowledged to a client, so that the audit log has to have it once. */
export interface ExpectedEntry {
  readonly story: Story;
  readonly action: EventType;
  readonly id: string;
  /** Where several entries may be about the same: whose it is. */
  readonly actor?: string;
  readonly verb?: string;
}

export function expectedEntries({ stories, history }: LoadRecord): ExpectedEntry[] {
  return stories.flatMap((story) => [
    ...[...story.approvalIds].flatMap((id): ExpectedEntry[] => [
      { story, action: 'approval.requested', id },
      ...acknowledgedVotes(history.callsOf(story.name)).map(({ verb, reviewer }) => ({
        story,
        action: 'approval.voted' as const,
        id,
        actor: reviewer,
        verb,
      })),
    ]),
    ...[...story.commandIds].flatMap((id): ExpectedEntry[] => [
      ...(story.approvalIds.size > 0 ? [{ story, action: 'command.submitted' as const, id }] : []),
      ...(story.isReported ? [{ story, action: 'command.finished' as const, id }] : []),
    ]),
  ]);
}

/** The entries that an expectation is met by: one, if all is well. */
export const entriesFor = (audit: AuditIndex, { action, id, actor, verb }: ExpectedEntry): readonly AuditEntry[] =>
  audit
    .of(action, id)
    .filter(
      (entry) => (actor === undefined || entry.actor.id === actor) && (verb === undefined || entry.data.verb === verb),
    );

/** What was acknowledged and the log does not have yet: single entries, or something that a whole story needs. */
export const whatIsMissing = (record: LoadRecord, audit: AuditIndex): (ExpectedEntry | Story)[] => [
  ...expectedEntries(record).filter((expected) => entriesFor(audit, expected).length === 0),
  ...record.stories.filter((story) => !isRecorded(story, audit)),
];

function isRecorded({ heard, commandIds, receipts }: Story, audit: AuditIndex): boolean {
  const ids = [...commandIds];
  const recorded = ids.flatMap((id) => audit.receiptIds(id));
  return (
    (heard === null || ids.every((id) => audit.closings(id).length > 0)) &&
    [...receipts].every((receipt) => recorded.includes(String(unverifiedClaims(receipt).jti)))
  );
}

/** Votes of which somebody was told that they count. */
export const acknowledgedVotes = (calls: readonly RequestCall[]) =>
  calls.flatMap(({ asked, answered }) => (asked.kind === 'vote' && answered?.answer.kind === 'done' ? [asked] : []));
