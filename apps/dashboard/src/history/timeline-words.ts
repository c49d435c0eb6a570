import type { Command, Timeline } from '../api/types.js';

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
  const parts = [
    textOf(data.outcome) ?? textOf(data.verb),
    textOf(data.source) && `by ${data.source}`,
    typeof data.exit_code === 'number' || typeof data.signal === 'string'
      ? resultText(data as unknown as Result)
      : undefined,
  ].filter(Boolean);
  return {
    title: titles[action] ?? spelled(action),
    detail: parts.length > 0 ? parts.join(', ') : null,
    quote: textOf(data.reason) ?? null,
  };
}

type Result = Pick<NonNullable<Command['result']>, 'exit_code' | 'signal'>;

/** `exit code 0`, `killed by SIGTERM`. */
export function resultText({ exit_code, signal }: Result): string {
  return signal ? `killed by ${signal}` : `exit code ${exit_code ?? 'unknown'}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `rule.created` → `Rule created`. */
export function spelled(action: string): string {
  const words = action.replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
