import type { Command, Decision } from '../src/wire/types.js';

/** What the scripted gateway does with one command text. */
export interface Plan {
  /** Stays pending until the test calls `decide`. */
  held?: boolean;
  outcome: 'allowed' | 'denied';
  source?: Decision['source'];
  reason?: string;
  /** The reviewer's text. */
  edited?: string;
  /** Changes the decision before it is sent, for lies. */
  forge?: (decision: Decision) => Decision;
  /** Makes another receipt than the right one; undefined leaves it out. */
  receipt?: (claims: Record<string, unknown>) => string | undefined;
}

export interface ScriptedCommand {
  id: string;
  ref: string;
  text: string;
  shell: Decision['shell'];
  cwd: string | null;
  target: string | null;
  sessionId: string | null;
  plan: Plan;
  status: 'pending' | 'allowed' | 'denied';
  minted: boolean;
  result: unknown;
  cancelled: boolean;
}

export const RISK = { score: 10, level: 'low', reversible: 'yes', reasons: [] } as const;
export const REQUIREMENT = {
  require_n_approvers: 1,
  policy: 'AnyOf',
  roles: [],
  groups: [],
  missing: { approvers: 1, roles: [], groups: [] },
} as const;
export const LATER = '2099-01-01T00:00:00.000Z';
export const EARLIER = '2026-01-01T00:00:00.000Z';

/** A TypeID that is valid and tells tests apart. */
export const typeId = (prefix: string, number: number): string => `${prefix}_${String(number).padStart(26, '0')}`;

export function decisionOf(command: ScriptedCommand, receipt: string | undefined): Decision {
  const { plan } = command;
  const decision: Decision = {
    outcome: command.cancelled ? 'denied' : plan.outcome,
    source: command.cancelled ? 'cancelled' : (plan.source ?? 'reviewer'),
    command: plan.edited ?? command.text,
    edited: plan.edited !== undefined,
    shell: command.shell,
    cwd: command.cwd,
    target: command.target,
    reason: plan.reason ?? null,
    rule_id: null,
    reviewers: [{ id: typeId('usr', 1), name: 'Rita' }],
    risk: { ...RISK, reasons: [] },
    decided_at: EARLIER,
    ...(receipt === undefined ? {} : { receipt }),
  };
  return plan.forge ? plan.forge(decision) : decision;
}

export function restCommandOf(command: ScriptedCommand, receipt: string | undefined): Command {
  return {
    id: command.id,
    ref: command.ref,
    kind: 'command',
    status: command.status,
    command: command.text,
    command_sha256: '0'.repeat(64),
    shell: command.shell,
    cwd: command.cwd,
    target: command.target,
    agent: { id: typeId('agt', 1), name: 'tester' },
    session_id: command.sessionId,
    reason: null,
    context: null,
    approval_id: typeId('apr', 1),
    risk: { ...RISK, reasons: [] },
    requirement: structuredClone(REQUIREMENT) as unknown as Command['requirement'],
    deadline_at: LATER,
    review_url: 'http://127.0.0.1/app',
    decision: command.status === 'pending' ? null : decisionOf(command, receipt),
    started_at: null,
    result: null,
    created_at: EARLIER,
  };
}
