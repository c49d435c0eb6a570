import type { CommandRecord, Decision } from '@expacti/contracts';
import type { Fact } from '@expacti/platform';

type Decided = Omit<Decision, 'receipt'>;

export interface RunResult {
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly duration_ms: number;
  readonly output_bytes: number | null;
}

/** What an event means for a command's place in the history. Times in milliseconds since the epoch. */
export type CommandChange =
  | { readonly kind: 'held'; readonly record: CommandRecord; readonly deadlineAt: number }
  /** By rule or policy: it had no earlier state. A receipt that was minted with the decision has started it. */
  | { readonly kind: 'decided'; readonly record: CommandRecord; readonly decision: Decided; readonly started: boolean }
  | { readonly kind: 'closed'; readonly commandId: string; readonly decision: Decided }
  | { readonly kind: 'started'; readonly commandId: string; readonly at: number }
  | { readonly kind: 'finished'; readonly commandId: string; readonly result: RunResult };

/** Null for an event that changes nothing in the list of commands. */
export function commandChange(fact: Fact): CommandChange | null {
  switch (fact.type) {
    case 'command.submitted': {
      const { command: record, deadline_at } = fact.payload.data;
      return { kind: 'held', record, deadlineAt: Date.parse(deadline_at) };
    }
    case 'command.decided': {
      const { command: record, decision, receipt } = fact.payload.data;
      return { kind: 'decided', record, decision, started: receipt !== null };
    }
    case 'approval.closed': {
      const { approval, decision } = fact.payload.data;
      return { kind: 'closed', commandId: approval.command_id, decision };
    }
    case 'command.started':
      return { kind: 'started', commandId: fact.payload.subject.id, at: Date.parse(fact.at) };
    case 'command.finished':
      return { kind: 'finished', commandId: fact.payload.subject.id, result: fact.payload.data };
    default:
      return null;
  }
}
