import type { Approval, Remember } from '@expacti/sdk';
import { confirm } from '../ask.js';
import { answer, type CliContext, note } from '../context.js';
import { approvalText } from '../display/approval-text.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { connectReviewer } from '../settings/connect.js';
import { readScope, readSeconds, requireOneOf } from './flag-values.js';

/** `expacti pending`: the queue, oldest deadline first, every page. */
export async function pendingCommand(context: CliContext): Promise<number> {
  const reviewer = await connectReviewer(context);
  const all: Approval[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await reviewer.pending({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.data);
    cursor = page.next_cursor;
  }
  all.sort((a, b) => (a.deadline_at < b.deadline_at ? -1 : 1));
  answer(context, { data: all }, () => {
    if (all.length === 0) return 'Nothing waits for a decision.';
    const advice = 'Decide with: expacti approve ID, or: expacti deny ID --reason TEXT';
    return [...all.map((approval) => approvalText(approval, context.now())), advice].join('\n\n');
  });
  return EXIT.ok;
}

export interface DecideFlags {
  reason?: string;
  yes?: boolean;
  expectSha256?: string;
  edit?: string;
  remember?: string;
  pattern?: string;
  scope?: string;
  ttl?: string;
  sessionOnly?: boolean;
}

/** `expacti approve ID`: shows exactly what would run, asks, and votes for that version and text. */
export async function approveCommand(context: CliContext, id: string, flags: DecideFlags): Promise<number> {
  const reviewer = await connectReviewer(context);
  const seen = await look(context, await reviewer.approval(id), flags, 'Approve this?');
  const vote = {
    ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    ...(flags.edit === undefined ? {} : { editedCommand: flags.edit }),
    ...remembered(flags, flags.edit ?? seen.command),
  };
  return decided(context, await reviewer.approve(seen, vote));
}

/** `expacti deny ID`: the agent reads the reason. */
export async function denyCommand(context: CliContext, id: string, flags: DecideFlags): Promise<number> {
  const reviewer = await connectReviewer(context);
  const seen = await look(context, await reviewer.approval(id), { ...flags, yes: true }, '');
  const vote = {
    ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    ...remembered(flags, seen.command),
  };
  return decided(context, await reviewer.deny(seen, vote));
}

/** A vote is for what was seen; the request may have changed since it was listed. */
async function look(context: CliContext, approval: Approval, flags: DecideFlags, question: string): Promise<Approval> {
  if (flags.expectSha256 !== undefined && flags.expectSha256 !== approval.command_sha256) {
    throw new CliFailure(
      `The command is not the one you expect: its sha256 is ${approval.command_sha256}.`,
      EXIT.conflict,
      'TEXT_MISMATCH',
    );
  }
  if (flags.yes || flags.expectSha256 !== undefined) return approval;
  note(context, approvalText(approval, context.now()));
  if (flags.edit !== undefined) {
    const { escapeText } = await import('@expacti/shell');
    note(context, `  your text: ${escapeText(flags.edit)}`);
  }
  if (!(await confirm(context, question))) throw new CliFailure('Not decided.', EXIT.interrupted, 'NOT_DECIDED');
  return approval;
}

function remembered(flags: DecideFlags, command: string): { remember?: Remember } {
  if (flags.remember === undefined) return {};
  const type = requireOneOf('--remember', flags.remember, ['exact', 'glob', 'regex'] as const);
  if (type !== 'exact' && flags.pattern === undefined) {
    throw new CliFailure(`--remember ${type} needs --pattern.`, EXIT.usage, 'USAGE');
  }
  return {
    remember: {
      pattern_type: type,
      pattern: flags.pattern ?? command,
      scope: readScope(flags.scope),
      ...(flags.ttl === undefined ? {} : { ttl_seconds: readSeconds('--ttl', flags.ttl) }),
      ...(flags.sessionOnly ? { session_only: true } : {}),
    },
  };
}

function decided(context: CliContext, approval: Approval): number {
  answer(context, approval, () => {
    if (approval.status !== 'pending') return `${approval.id} is ${approval.status}.`;
    const { missing } = approval.requirement;
    return `Your vote counts; ${missing.approvers} more needed${missing.roles.length > 0 ? ` (${missing.roles.join(', ')})` : ''}.`;
  });
  return EXIT.ok;
}
