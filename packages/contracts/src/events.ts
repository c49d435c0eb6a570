import { z } from 'zod';
import { Approval, CloseReason, VoteVerb } from './approval.js';
import { Command, Decision } from './command.js';
import { Actor } from './people.js';
import { idOf, Sha256Hex, Shell, Timestamp } from './primitives.js';
import { Remember, RuleApproval } from './rule.js';
import { Session } from './session.js';

/**
 * Facts that the services tell one another over the bus. Audit keeps every one of them, so each says who did what to
 * what. Payloads are validated where they are published and where they are consumed.
 */
const fact = <T extends z.ZodRawShape>(data: T) =>
  z.object({ actor: Actor, subject: z.object({ type: z.string(), id: z.string() }), data: z.object(data) });

/** The stored part of a command: what audit's history is made of. */
export const CommandRecord = Command.omit({
  decision: true,
  started_at: true,
  result: true,
  requirement: true,
  deadline_at: true,
  review_url: true,
  status: true,
});
export type CommandRecord = z.infer<typeof CommandRecord>;

const anyFields = { fields: z.record(z.string(), z.unknown()) };
const changed = fact(anyFields);

export const EVENTS = {
  /** Held: a request was opened for it in the same transaction. */
  'command.submitted': fact({ command: CommandRecord, deadline_at: Timestamp }),
  /** Decided by rules or refused by policy, without a person. `receipt` is what was minted with it. */
  'command.decided': fact({
    command: CommandRecord,
    decision: Decision.omit({ receipt: true }),
    receipt: z.object({ jti: z.string(), expires_at: Timestamp }).nullable(),
    shadow_rule_ids: z.array(z.string()),
  }),
  'command.started': fact({ jti: z.string(), expires_at: Timestamp }),
  /** The agent gave up the right to run a command that was allowed and not started. */
  'command.withdrawn': fact({}),
  'command.finished': fact({
    exit_code: z.number().nullable(),
    signal: z.string().nullable(),
    duration_ms: z.number(),
    output_bytes: z.number().nullable(),
  }),
  'approval.requested': fact({ approval: Approval }),
  'approval.voted': fact({
    approval_id: z.string(),
    command_id: z.string(),
    verb: VoteVerb,
    version: z.number(),
    command_sha256: Sha256Hex,
    reason: z.string().nullable(),
    edited_command: z.string().nullable(),
  }),
  'approval.updated': fact({ approval: Approval }),
  /** Closed for good. `remember` is the rule that the deciding vote asked for; policy makes it, once per approval. */
  'approval.closed': fact({
    approval: Approval,
    decision: Decision.omit({ receipt: true }),
    close_reason: CloseReason,
    remember: z
      .object({
        rule: Remember,
        effect: z.enum(['allow', 'deny']),
        by: z.object({ id: z.string(), name: z.string() }),
        approved_for: RuleApproval,
        command: z.string(),
        shell: Shell,
        cwd: z.string().nullable(),
      })
      .nullable(),
  }),
  'rule.created': changed,
  'rule.updated': changed,
  'rule.deleted': changed,
  'rules.imported': changed,
  'rule.refused': changed,
  'suggestion.dismissed': changed,
  'target.created': changed,
  'target.updated': changed,
  'target.deleted': changed,
  'target_group.created': changed,
  'target_group.updated': changed,
  'target_group.deleted': changed,
  'org.created': changed,
  'org.updated': changed,
  'user.created': changed,
  'user.updated': changed,
  'user.deleted': changed,
  'user.signed_in': changed,
  'user.sign_in_failed': changed,
  'user.signed_out': changed,
  'user.password_changed': changed,
  'agent.created': changed,
  'agent.updated': changed,
  'agent.deleted': changed,
  'agent.suspended': changed,
  'agent.resumed': changed,
  'token.issued': changed,
  'token.revoked': changed,
  'session.started': fact({ session: Session }),
  'session.ended': fact({ session_id: idOf('session') }),
} as const;
export type EventType = keyof typeof EVENTS;
export type EventPayload<T extends EventType> = z.infer<(typeof EVENTS)[T]>;
export const EVENT_TYPES = Object.keys(EVENTS) as EventType[];

/** Hints that every gateway process hears at once and may miss: each is backed by state that can be read again. */
export const HINTS = {
  /** The org's snapshot has this version now. Fetch the delta and acknowledge it. */
  'policy.changed': z.object({ org: z.string(), version: z.number().int() }),
  /** Credentials, roles or settings of the org changed: forget what is cached, close what is revoked, acknowledge. */
  'identity.changed': z.object({
    org: z.string(),
    version: z.number().int(),
    revoked: z.object({
      token_ids: z.array(z.string()),
      agent_ids: z.array(z.string()),
      user_ids: z.array(z.string()),
      sign_in_ids: z.array(z.string()),
    }),
  }),
} as const;
export type HintType = keyof typeof HINTS;
export type HintPayload<T extends HintType> = z.infer<(typeof HINTS)[T]>;
