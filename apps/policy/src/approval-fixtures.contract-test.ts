import { createHash } from 'node:crypto';
import type { Approval, CommandRecord, EventPayload, Remember, Rule, UserPrincipal } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';

const LOW_RISK = { score: 5, level: 'low', reversible: 'yes', reasons: [] } as const;

export function approvalOf(command: string, now: number, more: Partial<Approval> = {}): Approval {
  return {
    id: newId('apr'),
    command_id: newId('cmd'),
    version: 1,
    status: 'pending',
    kind: 'command',
    command,
    command_sha256: createHash('sha256').update(command).digest('hex'),
    command_escaped: command,
    original_command: null,
    shell: 'bash',
    cwd: null,
    target: null,
    agent: { id: newId('agt'), name: 'agent' },
    session_id: null,
    reason: null,
    context: null,
    risk: { ...LOW_RISK, reasons: [] },
    analysis: { parseable: true, reasons: [], commands: [], warnings: [] },
    requirement: {
      require_n_approvers: 1,
      policy: 'AnyOf',
      roles: [],
      groups: [],
      missing: { approvers: 0, roles: [], groups: [] },
    },
    votes: [],
    encrypted: false,
    created_at: timestamp(now),
    deadline_at: timestamp(now + 60_000),
    closed_at: null,
    close_reason: null,
    ...more,
  };
}

/** The fact that a reviewer closed an approval. */
export function closedPayload(
  approval: Approval,
  closing: {
    by: UserPrincipal;
    effect?: 'allow' | 'deny';
    remember?: Remember;
    strength?: Rule['approved_for'];
  },
): EventPayload<'approval.closed'> {
  const { by, effect = 'allow', remember, strength } = closing;
  const outcome = effect === 'allow' ? 'allowed' : 'denied';
  const decidedAt = approval.created_at;
  const { command, shell, cwd, target, risk } = approval;
  return {
    actor: { kind: 'user', id: by.id, name: by.name },
    subject: { type: 'approval', id: approval.id },
    data: {
      approval: { ...approval, status: outcome, closed_at: decidedAt, close_reason: 'reviewer' },
      decision: {
        outcome,
        source: 'reviewer',
        command,
        edited: false,
        shell,
        cwd,
        target,
        reviewers: [{ id: by.id, name: by.name }],
        risk,
        decided_at: decidedAt,
      },
      close_reason: 'reviewer',
      remember:
        remember === undefined
          ? null
          : {
              rule: remember,
              effect,
              by: { id: by.id, name: by.name },
              approved_for: strength ?? { approvers: 1, roles: ['reviewer'], groups: [] },
              command,
              shell,
              cwd,
            },
    },
  };
}

/** The stored part of a command. */
export function commandOf(command: string, now: number): CommandRecord {
  return {
    id: newId('cmd'),
    ref: null,
    kind: 'command',
    command,
    command_sha256: createHash('sha256').update(command).digest('hex'),
    shell: 'bash',
    cwd: null,
    target: null,
    agent: { id: newId('agt'), name: 'agent' },
    session_id: null,
    reason: null,
    context: null,
    approval_id: null,
    risk: { ...LOW_RISK, reasons: [] },
    created_at: timestamp(now),
  };
}
