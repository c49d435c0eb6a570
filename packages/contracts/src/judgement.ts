import { z } from 'zod';

export const RiskLevel = z.enum(['low', 'medium', 'high', 'critical']);
export type RiskLevel = z.infer<typeof RiskLevel>;

export const Risk = z
  .object({
    score: z.number().int().min(0).max(100),
    level: RiskLevel,
    reversible: z.enum(['yes', 'partly', 'no']),
    reasons: z.array(z.string()),
  })
  .meta({ id: 'Risk' });
export type Risk = z.infer<typeof Risk>;

/** What is still missing until a request is allowed. */
export const Missing = z.object({
  approvers: z.number().int().min(0),
  roles: z.array(z.string()),
  groups: z.array(z.string()),
});

export const Requirement = z
  .object({
    require_n_approvers: z.number().int().min(1).max(20),
    policy: z.enum(['AnyOf', 'AllOf']),
    roles: z.array(z.string()),
    groups: z.array(z.string()),
    policy_id: z.string().nullable().optional(),
    missing: Missing,
  })
  .meta({ id: 'Requirement' });
export type Requirement = z.infer<typeof Requirement>;

export const Verdict = z.enum(['allow', 'deny', 'review']);
export type Verdict = z.infer<typeof Verdict>;

/** One simple command that the line could run, and how it was judged. */
export const JudgedCommand = z.object({
  argv: z.array(z.string()).nullable(),
  text: z.string(),
  dynamic: z.array(z.string()),
  context: z.array(z.string()),
  verdict: Verdict,
  rule_id: z.string().nullable().optional(),
  reasons: z.array(z.string()),
});

export const Analysis = z
  .object({
    parseable: z.boolean(),
    reasons: z.array(z.string()),
    commands: z.array(JudgedCommand),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Analysis' });
export type Analysis = z.infer<typeof Analysis>;

export const Evaluation = z
  .object({
    verdict: Verdict,
    parseable: z.boolean(),
    commands: z.array(JudgedCommand),
    reasons: z.array(z.string()),
    rule_ids: z.array(z.string()),
    shadow_rule_ids: z.array(z.string()),
    requirement: Requirement.optional(),
    risk: Risk,
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Evaluation' });
export type Evaluation = z.infer<typeof Evaluation>;
