import { useMutation } from '@tanstack/react-query';
import { call } from '../api/call.js';
import { describeFailure, fieldProblem, ProblemError, UnreachableError } from '../api/problem.js';
import type { Approval, Remember } from '../api/types.js';
import { changePreferences, preferences, rememberReason } from '../settings/preferences.js';
import { notify } from '../ui/notices.js';
import { createStore } from '../ui/store.js';
import { closedText } from './closed-text.js';
import { receiveApprovals } from './read-queue.js';

/** The last request decided from this page, for the key that shows it again. */
export const lastDecided = createStore<string | null>(null);

export interface Vote {
  approval: Approval;
  verb: 'approve' | 'deny';
  /** SHA-256 of the text that was on the screen. */
  shownHash: string;
  reason?: string;
  editedCommand?: string;
  remember?: Remember;
}

/** Casts a vote; says what came of it; reads the request again when somebody else was faster. */
export function useDecide(onDecided: (approval: Approval) => void) {
  return useMutation({
    mutationFn: cast,
    onSuccess: (approval, vote) => {
      receiveApprovals([approval]);
      lastDecided.set(approval.id);
      if (vote.reason)
        changePreferences({ recentReasons: rememberReason(preferences.get().recentReasons, vote.reason) });
      notify('good', outcomeText(approval, vote));
      onDecided(approval);
    },
    onError: (error, vote) => {
      // The form shows what is wrong with the rule.
      if (vote.remember && fieldProblem(error, 'remember')) return;
      notify('bad', failureText(error));
      void readAgain(vote.approval.id);
    },
  });
}

function cast({ approval, verb, shownHash, reason, editedCommand, remember }: Vote): Promise<Approval> {
  const params = { id: approval.id };
  const seen = { version: approval.version, command_sha256: shownHash };
  const more = { ...(reason ? { reason } : {}), ...(remember ? { remember } : {}) };
  if (verb === 'deny') return call('POST /approvals/{id}/deny', { params, body: { ...seen, ...more } });
  return call('POST /approvals/{id}/approve', {
    params,
    body: { ...seen, ...more, ...(editedCommand === undefined ? {} : { edited_command: editedCommand }) },
  });
}

function outcomeText(approval: Approval, vote: Vote): string {
  const rule = vote.remember ? ', and remembered as a rule' : '';
  if (approval.status !== 'pending') return `${closedText(approval)}${rule}.`;
  const { approvers, roles } = approval.requirement.missing;
  const needed =
    approvers > 0
      ? `${approvers} more ${approvers === 1 ? 'person' : 'people'}`
      : `a person with the role ${roles.join(' or ')}`;
  return `Your approval counts${rule}. ${needed} must approve too.`;
}

function failureText(error: unknown): string {
  if (error instanceof UnreachableError)
    return 'The server did not answer. Whether your vote arrived will show when the connection is back.';
  const { title, advice } = describeFailure(error);
  return advice ? `${title} ${advice}` : title;
}

async function readAgain(id: string): Promise<void> {
  try {
    receiveApprovals([await call('GET /approvals/{id}', { params: { id } })]);
  } catch (error) {
    if (!(error instanceof ProblemError || error instanceof UnreachableError)) throw error;
  }
}
