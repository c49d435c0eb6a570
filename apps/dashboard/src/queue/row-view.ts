import type { Approval } from '../api/types.js';
import { closedText } from './closed-text.js';
import { submissionLine } from './submission.js';

/** What one row of the queue says. Texts are as the agent sent them: whoever shows them makes them inert. */
export interface RowView {
  headline: string;
  /** Further commands on the same line. */
  more: number;
  agent: string;
  target: string | null;
  reason: string | null;
  /** `1 of 2`, where more than one person is asked for. */
  votes: string | null;
  encrypted: boolean;
  /** Who decided, once somebody has. */
  closed: string | null;
}

/** Longest headline handed to the list; the rest of a line is cut by the row's width anyway. */
const LONGEST = 200;

export function rowView(approval: Approval): RowView {
  return {
    headline: headlineOf(approval).slice(0, LONGEST),
    more: approval.analysis.parseable ? Math.max(0, approval.analysis.commands.length - 1) : 0,
    agent: approval.agent.name,
    target: approval.target,
    reason: approval.reason === '' ? null : approval.reason,
    votes: votesOf(approval),
    encrypted: approval.encrypted,
    closed: approval.status === 'pending' ? null : closedText(approval),
  };
}

function headlineOf(approval: Approval): string {
  if (approval.encrypted) return 'Encrypted command';
  if (approval.kind === 'command') {
    return (approval.analysis.parseable && approval.analysis.commands[0]?.text) || approval.command;
  }
  return submissionLine(approval.kind, approval.command);
}

function votesOf({ requirement, votes, version }: Approval): string | null {
  if (requirement.require_n_approvers < 2) return null;
  const counted = votes.filter((vote) => vote.verb === 'approve' && !vote.void && vote.version === version).length;
  return `${counted} of ${requirement.require_n_approvers}`;
}
