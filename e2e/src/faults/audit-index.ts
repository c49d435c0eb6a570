import type { AuditEntry, EventType } from '@expacti/contracts';

/** The audit log by what happened to what. */
export class AuditIndex {
  readonly #entries = new Map<string, AuditEntry[]>();

  constructor(readonly all: readonly AuditEntry[]) {
    for (const entry of all) {
      const key = keyOf(entry.action, aboutOf(entry));
      this.#entries.set(key, [...(this.#entries.get(key) ?? []), entry]);
    }
  }

  /** @param id of the command; of the approval for votes and for what was requested */
  of(action: EventType, id: string): readonly AuditEntry[] {
    return this.#entries.get(keyOf(action, id)) ?? [];
  }

  /** Entries that close a command: by people, by its deadline, by its agent, or by a rule at once. */
  closings(commandId: string): readonly AuditEntry[] {
    return [...this.of('command.decided', commandId), ...this.of('approval.closed', commandId)];
  }

  /** The receipts whose right was recorded for a command. */
  receiptIds(commandId: string): readonly string[] {
    const started = this.of('command.started', commandId).map(({ data }) => data.jti);
    const decided = this.of('command.decided', commandId).map(({ data }) => (data.receipt as Receipt)?.jti);
    return [...started, ...decided].filter((jti) => typeof jti === 'string');
  }
}

type Receipt = { jti: string } | null | undefined;

const keyOf = (action: string, id: string): string => `${action} ${id}`;

/** A closing is looked for by its command, although it is about the approval. */
function aboutOf({ action, subject, data }: AuditEntry): string {
  return action === 'approval.closed' ? (data.approval as { command_id: string }).command_id : subject.id;
}
