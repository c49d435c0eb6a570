import { z } from 'zod';
import { CommandKind, TransferDirection } from './command.js';
import { idOf, ListQuery, Shell, Timestamp } from './primitives.js';

export const RuleScope = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('global') }),
    z.strictObject({ type: z.literal('group'), id: z.string().max(100) }),
    z.strictObject({ type: z.literal('target'), id: z.string().max(100) }),
  ])
  .meta({ id: 'RuleScope' });
export type RuleScope = z.infer<typeof RuleScope>;

export const RuleEffect = z.enum(['allow', 'deny', 'review']);
export const PatternType = z.enum(['exact', 'glob', 'regex']);
export const MAX_PATTERN_LENGTH = 8_192;

/** A condition on one place of a tool call's arguments (RFC 6901 pointer). */
export const ArgumentMatcher = z.strictObject({
  pointer: z
    .string()
    .max(500)
    .regex(/^(\/([^~]|~[01])*)?$/, 'must be a JSON pointer'),
  equals: z.json().optional(),
  glob: z.string().max(1_000).optional(),
});

const Examples = z.strictObject({
  matches: z.array(z.string().max(MAX_PATTERN_LENGTH)).max(50).default([]),
  does_not_match: z.array(z.string().max(MAX_PATTERN_LENGTH)).max(50).default([]),
});

const ruleFields = {
  effect: RuleEffect,
  kind: CommandKind.default('command'),
  pattern_type: PatternType,
  pattern: z.string().min(1).max(MAX_PATTERN_LENGTH),
  scope: RuleScope,
  agent_id: idOf('agent').nullable().optional(),
  session_id: idOf('session').nullable().optional(),
  shell: Shell.nullable().optional(),
  cwd: z.string().max(4_096).nullable().optional(),
  pipeline: z.boolean().optional(),
  matchers: z.array(ArgumentMatcher).max(20).optional(),
  direction: TransferDirection.nullable().optional(),
  expires_at: Timestamp.nullable().optional(),
  shadow: z.boolean().optional(),
  examples: Examples.optional(),
  note: z.string().max(2_000).nullable().optional(),
};

export const NewRule = z.strictObject(ruleFields).meta({ id: 'NewRule' });
export type NewRule = z.infer<typeof NewRule>;

export const RuleChange = z
  .strictObject({ ...ruleFields, kind: CommandKind })
  .partial()
  .meta({ id: 'RuleChange' });
export type RuleChange = z.infer<typeof RuleChange>;

/** The strength of approval that made a rule; policies that ask for more outrun it. */
export const RuleApproval = z.object({
  approvers: z.number().int().min(1),
  roles: z.array(z.string()),
  groups: z.array(z.string()),
});

export const Rule = z
  .object({
    id: idOf('rule'),
    effect: RuleEffect,
    kind: CommandKind,
    pattern_type: PatternType,
    pattern: z.string(),
    scope: RuleScope,
    agent_id: z.string().nullable(),
    session_id: z.string().nullable(),
    shell: Shell.nullable(),
    cwd: z.string().nullable(),
    pipeline: z.boolean(),
    matchers: z.array(ArgumentMatcher),
    direction: TransferDirection.nullable(),
    expires_at: Timestamp.nullable(),
    shadow: z.boolean(),
    examples: Examples,
    note: z.string().nullable(),
    approved_for: RuleApproval,
    created_by: z.object({ id: z.string(), name: z.string() }),
    created_at: Timestamp,
    updated_at: Timestamp,
    last_used_at: Timestamp.nullable(),
    use_count: z.number().int(),
    shadow_count: z.number().int().meta({ description: 'Times that it would have allowed while in shadow' }),
  })
  .meta({ id: 'Rule' });
export type Rule = z.infer<typeof Rule>;

export const RuleListQuery = ListQuery.extend({
  q: z.string().max(500).optional(),
  effect: RuleEffect.optional(),
  pattern_type: PatternType.optional(),
  kind: CommandKind.optional(),
});

/** `remember` of a vote: what to allow (or, with a denial, to deny) from now on. */
export const Remember = z
  .strictObject({
    pattern_type: PatternType,
    pattern: z.string().min(1).max(MAX_PATTERN_LENGTH),
    scope: RuleScope,
    ttl_seconds: z
      .number()
      .int()
      .min(60)
      .max(366 * 86_400)
      .optional(),
    session_only: z.boolean().optional().meta({ description: 'In force for this session of this agent alone' }),
  })
  .meta({ id: 'Remember' });
export type Remember = z.infer<typeof Remember>;

export const EvaluateRequest = z
  .strictObject({
    command: z.string().min(1).max(200_000),
    shell: Shell.optional(),
    cwd: z.string().max(4_096).optional(),
    target: z.string().max(200).optional(),
    agent_id: z.string().max(100).optional(),
    rule: NewRule.optional().meta({ description: 'Judge as if this rule existed too' }),
  })
  .meta({ id: 'EvaluateRequest' });
export type EvaluateRequest = z.infer<typeof EvaluateRequest>;

export const RulePreview = z
  .object({
    days: z.number().int(),
    examined: z.number().int().meta({ description: 'Commands of that time that were looked at' }),
    matches: z.number().int(),
    samples: z.array(
      z.object({
        command_id: z.string(),
        command: z.string(),
        agent: z.string(),
        created_at: Timestamp,
        status: z.string(),
      }),
    ),
  })
  .meta({ id: 'RulePreview' });
export type RulePreview = z.infer<typeof RulePreview>;

export const RuleImport = z
  .strictObject({ rules: z.array(NewRule).min(1).max(10_000), dry_run: z.boolean().optional() })
  .meta({ id: 'RuleImport' });
export type RuleImport = z.infer<typeof RuleImport>;
export const RuleImportResult = z
  .object({
    created: z.number().int(),
    skipped: z.number().int().meta({ description: 'Already there, word for word' }),
    problems: z.array(z.object({ index: z.number().int(), message: z.string() })),
  })
  .meta({ id: 'RuleImportResult' });
export type RuleImportResult = z.infer<typeof RuleImportResult>;

/** A rule that past approvals suggest. */
export const RuleSuggestion = z
  .object({
    id: idOf('suggestion'),
    rule: NewRule,
    approvals: z.number().int(),
    denials: z.number().int(),
    samples: z.array(z.string()),
    first_seen_at: Timestamp,
    last_seen_at: Timestamp,
  })
  .meta({ id: 'RuleSuggestion' });
export type RuleSuggestion = z.infer<typeof RuleSuggestion>;
