import { z } from 'zod';
import { isShallowJson } from './json-depth.js';
import { Requirement, Risk } from './judgement.js';
import { idOf, MAX_COMMAND_LENGTH, Reason, Sha256Hex, Shell, Timestamp } from './primitives.js';

export const CommandKind = z.enum(['command', 'tool_call', 'file_transfer']);
export type CommandKind = z.infer<typeof CommandKind>;

/** Free JSON for the reviewer: task, transcript, tool. At most 64 KiB when written out. */
export const SubmissionContext = z
  .record(z.string().max(200), z.json())
  .refine(isShallowJson, 'is nested too deeply')
  .refine((value) => JSON.stringify(value).length <= 65_536, 'must be at most 65536 characters of JSON');

const AbsolutePath = z
  .string()
  .min(1)
  .max(4_096)
  .refine((path) => path.startsWith('/') && !path.includes('\0'), 'must be an absolute path');

const submissionFields = {
  ref: z.string().min(1).max(200).optional(),
  shell: Shell.optional(),
  cwd: AbsolutePath.optional(),
  target: z.string().min(1).max(200).optional(),
  reason: Reason.optional(),
  context: SubmissionContext.optional(),
  idempotency_key: z.string().min(1).max(200).optional(),
};

const commandText = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_COMMAND_LENGTH)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

export const ToolArguments = z
  .record(z.string().max(200), z.json())
  .refine(isShallowJson, 'is nested too deeply')
  .refine((value) => JSON.stringify(value).length <= 262_144, 'must be at most 262144 characters of JSON');

export const TransferDirection = z.enum(['upload', 'download']);
const TransferPaths = z.array(z.string().min(1).max(4_096)).min(1).max(1_000);

export const CommandSubmission = z.strictObject({
  kind: z.literal('command'),
  command: commandText,
  ...submissionFields,
});
export const ToolCallSubmission = z.strictObject({
  kind: z.literal('tool_call'),
  tool: z.string().min(1).max(200),
  arguments: ToolArguments,
  ...submissionFields,
});
export const FileTransferSubmission = z.strictObject({
  kind: z.literal('file_transfer'),
  direction: TransferDirection,
  paths: TransferPaths,
  bytes: z.number().int().min(0).optional(),
  ...submissionFields,
});

/** What an agent asks for, discriminated by `kind` (see `withDefaultKind`). */
export const Submission = z
  .discriminatedUnion('kind', [CommandSubmission, ToolCallSubmission, FileTransferSubmission])
  .meta({ id: 'Submission' });
export type Submission = z.infer<typeof Submission>;

/** Fills in the default kind before the union looks for it. */
export const withDefaultKind = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('kind' in value)
    ? { kind: 'command', ...value }
    : value;

export const Outcome = z.enum(['allowed', 'denied']);
export type Outcome = z.infer<typeof Outcome>;
export const CommandStatus = z.enum(['pending', 'allowed', 'denied']);
export type CommandStatus = z.infer<typeof CommandStatus>;

/** Who or what decided. */
export const DecisionSource = z.enum(['rule', 'reviewer', 'timeout', 'policy', 'cancelled', 'error']);
export type DecisionSource = z.infer<typeof DecisionSource>;

export const ReviewerName = z.object({ id: z.string(), name: z.string() });

export const Decision = z
  .object({
    outcome: Outcome,
    source: DecisionSource,
    command: z.string().meta({ description: 'The exact text to run' }),
    edited: z.boolean().meta({ description: 'A reviewer changed the text' }),
    shell: Shell,
    cwd: z.string().nullable(),
    target: z.string().nullable(),
    reason: z.string().nullable().optional(),
    rule_id: z.string().nullable().optional(),
    reviewers: z.array(ReviewerName),
    risk: Risk,
    decided_at: Timestamp,
    receipt: z.string().optional().meta({ description: 'Compact JWS; only in the answer that minted it' }),
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof Decision>;

export const resultFields = {
  exit_code: z.number().int().min(-1).max(4_294_967_295).nullable().optional(),
  signal: z.string().max(20).nullable().optional(),
  duration_ms: z.number().min(0),
  output_bytes: z.number().int().min(0).nullable().optional(),
};

export const CommandResult = z
  .strictObject(resultFields)
  .refine(
    (result) => (result.exit_code ?? null) !== null || (result.signal ?? null) !== null,
    'needs exit_code or signal',
  )
  .meta({ id: 'CommandResult' });
export type CommandResult = z.infer<typeof CommandResult>;

export const AgentName = z.object({ id: z.string(), name: z.string() });
export type AgentName = z.infer<typeof AgentName>;

export const Command = z
  .object({
    id: idOf('command'),
    ref: z.string().nullable().optional(),
    kind: CommandKind,
    status: CommandStatus,
    command: z.string().meta({ description: 'The text judged; for other kinds its canonical JSON' }),
    command_sha256: Sha256Hex,
    shell: Shell,
    cwd: z.string().nullable(),
    target: z.string().nullable(),
    agent: AgentName,
    session_id: z.string().nullable(),
    reason: z.string().nullable(),
    context: z.record(z.string(), z.unknown()).nullable(),
    approval_id: z.string().nullable(),
    risk: Risk,
    requirement: Requirement.nullable().optional(),
    deadline_at: Timestamp.nullable().optional(),
    review_url: z.string().optional(),
    decision: Decision.nullable(),
    started_at: Timestamp.nullable(),
    result: z
      .object({
        exit_code: z.number().nullable(),
        signal: z.string().nullable(),
        duration_ms: z.number(),
        output_bytes: z.number().nullable(),
      })
      .nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Command' });
export type Command = z.infer<typeof Command>;
