import type { Command, Timeline } from '../api/types.js';
import { objectOf, textOf } from './audit-summary.js';

type Entry = Timeline['data'][number];

const titles: Record<string, string> = {
  'command.submitted': 'Asked',
  'command.allowed': 'Allowed by a rule',
  'command.denied': 'Denied by a rule',
  'approval.requested': 'Held for review',
  'approval.seen': 'Seen',
  'approval.voted': 'Voted',
  'approval.updated': 'Changed',
  'approval.edited': 'Edited',
  'approval.escalated': 'Escalated',
  'approval.closed': 'Decided',
  'command.decided': 'Decided',
  'command.cancelled': 'Withdrawn',
  'command.started': 'Started',
  'command.result': 'Ended',
  'command.finished': 'Ended',
  'receipt.minted': 'Receipt given out',
};

/** One line of a command's story. An action of a name that is new here is shown by its name. */
export function timelineWords({ action, data }: Entry): { title: string; detail: string | null; quote: string | null } {
  const parts = [outcomeOf(data), sourceOf(data), endOf(data)].filter((part) => part !== undefined);
  return {
    title: titles[action] ?? spelled(action),
    detail: parts.length > 0 ? parts.join(', ') : null,
    quote: textOf(data.reason) ?? textOf(objectOf(data.command)?.reason) ?? null,
  };
}

function outcomeOf(data: Entry['data']): string | undefined {
  const status = textOf(objectOf(data.approval)?.status);
  return textOf(data.outcome) ?? textOf(data.verb) ?? (status === 'pending' ? undefined : status);
}

function sourceOf(data: Entry['data']): string | undefined {
  const source = textOf(data.source) ?? textOf(objectOf(data.approval)?.close_reason);
  return source === undefined ? undefined : `by ${source}`;
}

function endOf(data: Entry['data']): string | undefined {
  const ended = typeof data.exit_code === 'number' || typeof data.signal === 'string';
  return ended ? resultText(data as unknown as Result) : undefined;
}

type Result = Pick<NonNullable<Command['result']>, 'exit_code' | 'signal'>;

/** `exit code 0`, `killed by SIGTERM`. */
export function resultText({ exit_code, signal }: Result): string {
  return signal ? `killed by ${signal}` : `exit code ${exit_code ?? 'unknown'}`;
}

/** `rule.created` → `Rule created`. */
export function spelled(action: string): string {
  const words = action.replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
