import {
  type Actor,
  type AgentPrincipal,
  type Approval,
  type CommandRecord,
  type Decision,
  ROLE_PERMISSIONS,
  type UserPrincipal,
} from '@expacti/contracts';
import { sha256Hex } from '@expacti/crypto';
import type { BusEvent } from '@expacti/messaging';
import { newId } from '@expacti/persistence';
import { fact, timestamp } from '@expacti/platform';

export const ORG = newId('org');
export const OTHER_ORG = newId('org');

export const auditor = (org = ORG): UserPrincipal => ({
  kind: 'user',
  org,
  id: newId('usr'),
  name: 'Ada Auditor',
  email: 'ada@example.com',
  sign_in_id: null,
  roles: ['auditor'],
  groups: [],
  permissions: [...ROLE_PERMISSIONS.auditor],
});

export const agent = (more: Partial<AgentPrincipal> = {}): AgentPrincipal => ({
  kind: 'agent',
  org: ORG,
  id: newId('agt'),
  name: 'deploy-bot',
  token_id: newId('tok'),
  owner_id: null,
  targets: null,
  shells: null,
  kinds: null,
  ...more,
});

const RISK = { score: 10, level: 'low' as const, reversible: 'yes' as const, reasons: [] };
const RITA: Actor = { kind: 'user', id: newId('usr'), name: 'Rita' };

export interface Story {
  readonly org: string;
  readonly record: CommandRecord;
  readonly decision: (more?: Partial<Decision>) => Decision;
}

const actorOf = ({ record }: Story): Actor => ({ kind: 'agent', ...record.agent });
const subjectOf = ({ record }: Story) => ({ type: 'command', id: record.id });

/** A command to tell events of. */
export function story(
  text: string,
  {
    by = agent(),
    at = Date.UTC(2026, 0, 1),
    ...more
  }: Partial<CommandRecord> & { by?: AgentPrincipal; at?: number } = {},
): Story {
  const record: CommandRecord = {
    id: newId('cmd'),
    ref: null,
    kind: 'command',
    command: text,
    command_sha256: sha256Hex(text),
    shell: 'bash',
    cwd: null,
    target: null,
    agent: { id: by.id, name: by.name },
    session_id: null,
    reason: null,
    context: null,
    approval_id: null,
    risk: RISK,
    created_at: timestamp(at),
    ...more,
  };
  const decision = (change: Partial<Decision> = {}): Decision => ({
    outcome: 'allowed',
    source: 'rule',
    command: text,
    edited: false,
    shell: 'bash',
    cwd: null,
    target: record.target,
    reviewers: [],
    risk: RISK,
    decided_at: timestamp(at),
    ...change,
  });
  return { org: by.org, record, decision };
}

export function decided(one: Story, now: number, more: Partial<Decision> = {}): BusEvent {
  const decision = one.decision(more);
  const receipt = decision.outcome === 'allowed' ? { jti: newId('rct'), expires_at: timestamp(now + 60_000) } : null;
  const data = { command: one.record, decision, receipt, shadow_rule_ids: [] };
  return fact('command.decided', one.org, one.record.id, now, { actor: actorOf(one), subject: subjectOf(one), data });
}

export const submitted = (one: Story, now: number): BusEvent =>
  fact('command.submitted', one.org, one.record.id, now, {
    actor: actorOf(one),
    subject: subjectOf(one),
    data: { command: one.record, deadline_at: timestamp(now + 60_000) },
  });

export function closed(one: Story, now: number, more: Partial<Decision> = {}): BusEvent {
  const decision = one.decision({ source: 'reviewer', decided_at: timestamp(now), ...more });
  const close_reason = decision.source === 'timeout' ? 'timeout' : 'reviewer';
  const approval = approvalOf(one, now, decision.outcome);
  return fact('approval.closed', one.org, one.record.id, now, {
    actor: RITA,
    subject: { type: 'approval', id: approval.id },
    data: { approval, decision, close_reason, remember: null },
  });
}

export const started = (one: Story, now: number): BusEvent =>
  fact('command.started', one.org, one.record.id, now, {
    actor: actorOf(one),
    subject: subjectOf(one),
    data: { jti: newId('rct'), expires_at: timestamp(now + 60_000) },
  });

export const finished = (one: Story, now: number, exit_code = 0): BusEvent =>
  fact('command.finished', one.org, one.record.id, now, {
    actor: actorOf(one),
    subject: subjectOf(one),
    data: { exit_code, signal: null, duration_ms: 5, output_bytes: null },
  });

export const ruleCreated = (org: string, now: number, fields: Record<string, unknown> = {}): BusEvent =>
  fact('rule.created', org, newId('rule'), now, {
    actor: RITA,
    subject: { type: 'rule', id: newId('rule') },
    data: { fields },
  });

function approvalOf({ record }: Story, now: number, status: Approval['status']): Approval {
  const { id: command_id, kind, command, command_sha256, shell, cwd, target, agent: by, session_id, reason } = record;
  return {
    id: record.approval_id ?? newId('apr'),
    ...{ command_id, kind, command, command_sha256, shell, cwd, target, agent: by, session_id, reason },
    version: 1,
    status,
    command_escaped: command,
    original_command: null,
    context: null,
    risk: RISK,
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
    created_at: record.created_at,
    deadline_at: timestamp(now + 60_000),
    closed_at: timestamp(now),
    close_reason: 'reviewer',
  };
}
