import { z } from 'zod';
import { AgentName, CommandKind, CommandStatus, SubmissionContext } from './command.js';
import { Analysis, Requirement, Risk } from './judgement.js';
import { idOf, ListQuery, MAX_COMMAND_LENGTH, Reason, Sha256Hex, Shell, Timestamp } from './primitives.js';
import { Remember } from './rule.js';

export const VoteVerb = z.enum(['approve', 'deny']);
export type VoteVerb = z.infer<typeof VoteVerb>;

export const Vote = z
  .object({
    id: idOf('vote'),
    verb: VoteVerb,
    voter: z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }),
    version: z.number().int().meta({ description: 'Version of the request that the voter saw' }),
    command_sha256: Sha256Hex,
    reason: z.string().nullable(),
    edited_command: z.string().nullable(),
    remember: Remember.nullable(),
    at: Timestamp,
    void: z.boolean().meta({ description: 'An edit came after this vote, so it no longer counts' }),
  })
  .meta({ id: 'Vote' });
export type Vote = z.infer<typeof Vote>;

export const CloseReason = z.enum(['reviewer', 'timeout', 'cancelled', 'policy']);
export type CloseReason = z.infer<typeof CloseReason>;

export const Approval = z
  .object({
    id: idOf('approval'),
    command_id: idOf('command'),
    version: z.number().int().min(1),
    status: CommandStatus,
    kind: CommandKind,
    command: z.string(),
    command_sha256: Sha256Hex,
    command_escaped: z.string().meta({ description: 'With invisible and confusable characters spelled out' }),
    original_command: z
      .string()
      .nullable()
      .meta({ description: 'What the agent asked for, where a reviewer edited it' }),
    shell: Shell,
    cwd: z.string().nullable(),
    target: z.string().nullable(),
    agent: AgentName,
    session_id: z.string().nullable(),
    reason: z.string().nullable(),
    context: SubmissionContext.nullable(),
    risk: Risk,
    analysis: Analysis,
    requirement: Requirement,
    votes: z.array(Vote),
    encrypted: z.boolean(),
    created_at: Timestamp,
    deadline_at: Timestamp,
    closed_at: Timestamp.nullable(),
    close_reason: CloseReason.nullable(),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof Approval>;

export const ApprovalListQuery = ListQuery.extend({
  status: z.enum(['pending', 'allowed', 'denied']).optional(),
  agent_id: z.string().max(100).optional(),
  session_id: z.string().max(100).optional(),
  updated_since: Timestamp.optional().meta({
    description: 'Only what changed at this moment or later, the latest change first; cursors are of this order, too',
  }),
});

const seen = { version: z.number().int().min(1), command_sha256: Sha256Hex };

export const ApproveRequest = z
  .strictObject({
    ...seen,
    reason: Reason.optional(),
    edited_command: z
      .string()
      .min(1)
      .max(MAX_COMMAND_LENGTH)
      .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
      .optional(),
    remember: Remember.optional(),
  })
  .meta({ id: 'ApproveRequest' });
export type ApproveRequest = z.infer<typeof ApproveRequest>;

export const DenyRequest = z
  .strictObject({ ...seen, reason: Reason.optional(), remember: Remember.optional() })
  .meta({ id: 'DenyRequest' });
export type DenyRequest = z.infer<typeof DenyRequest>;

export const BulkRequest = z
  .strictObject({
    items: z
      .array(z.strictObject({ id: idOf('approval'), verb: VoteVerb, ...seen, reason: Reason.optional() }))
      .min(1)
      .max(200),
  })
  .meta({ id: 'BulkRequest' });
export type BulkRequest = z.infer<typeof BulkRequest>;

export const BulkResult = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        ok: z.boolean(),
        approval: Approval.optional(),
        error: z.object({ code: z.string(), message: z.string() }).optional(),
      }),
    ),
  })
  .meta({ id: 'BulkResult' });
export type BulkResult = z.infer<typeof BulkResult>;
