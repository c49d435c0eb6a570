import type { Rule } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import { expiryOf, type RuleDraft } from '../domain/rule-draft.js';
import { ruleFingerprint } from '../domain/rule-fingerprint.js';
import type { RuleRow } from './rule-row.js';

const timestampOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : timestamp(milliseconds);

export function ruleOfRow(row: RuleRow): Rule {
  return {
    id: row.id,
    effect: row.effect,
    kind: row.kind,
    pattern_type: row.patternType,
    pattern: row.pattern,
    scope: row.scopeType === 'global' ? { type: 'global' } : { type: row.scopeType, id: row.scopeId ?? '' },
    agent_id: row.agentId,
    session_id: row.sessionId,
    shell: row.shell,
    cwd: row.cwd,
    pipeline: row.pipeline,
    matchers: row.matchers as Rule['matchers'],
    direction: row.direction,
    expires_at: timestampOrNull(row.expiresAt),
    shadow: row.shadow,
    examples: row.examples,
    note: row.note,
    approved_for: row.approvedFor,
    created_by: { id: row.createdById, name: row.createdByName },
    created_at: timestamp(row.createdAt),
    updated_at: timestamp(row.updatedAt),
    last_used_at: timestampOrNull(row.lastUsedAt),
    use_count: row.useCount,
    shadow_count: row.shadowCount,
  };
}

/** The columns that say what the rule says. */
export const columnsOfDraft = (draft: RuleDraft) => ({
  effect: draft.effect,
  kind: draft.kind,
  patternType: draft.pattern_type,
  pattern: draft.pattern,
  scopeType: draft.scope.type,
  scopeId: draft.scope.type === 'global' ? null : draft.scope.id,
  agentId: draft.agent_id,
  sessionId: draft.session_id,
  shell: draft.shell,
  cwd: draft.cwd,
  pipeline: draft.pipeline,
  matchers: draft.matchers,
  direction: draft.direction,
  expiresAt: expiryOf(draft),
  shadow: draft.shadow,
  examples: draft.examples,
  note: draft.note,
  fingerprint: ruleFingerprint(draft),
});

/** What a new rule has beside its draft. */
export interface RuleOrigin {
  org: string;
  id: string;
  createdBy: { id: string; name: string };
  approvedFor: Rule['approved_for'];
  approvalId: string | null;
  version: number;
  now: number;
}

export const newRuleRow = (draft: RuleDraft, origin: RuleOrigin): RuleRow => ({
  id: origin.id,
  org: origin.org,
  ...columnsOfDraft(draft),
  approvedFor: origin.approvedFor,
  createdById: origin.createdBy.id,
  createdByName: origin.createdBy.name,
  approvalId: origin.approvalId,
  changedVersion: origin.version,
  createdAt: origin.now,
  updatedAt: origin.now,
  lastUsedAt: null,
  useCount: 0,
  shadowCount: 0,
});
