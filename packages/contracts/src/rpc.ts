import { z } from 'zod';
import { Approval, ApprovalListQuery, VoteVerb } from './approval.js';
import { Command, CommandResult, Submission } from './command.js';
import { EVENTS } from './events.js';
import { Analysis, Requirement, Risk } from './judgement.js';
import { AuditEntry, AuditHead, AuditListQuery, CommandListQuery, QueueSummary, Timeline } from './oversight.js';
import {
  AcceptInvitation,
  Agent,
  AgentChange,
  AgentPrincipal,
  AuthMethods,
  ChangePassword,
  InvitedUser,
  IssuedAgentToken,
  LoginRequest,
  NamedListQuery,
  NewAgent,
  NewAgentToken,
  NewUser,
  Org,
  OrgChange,
  Principal,
  SetupRequest,
  User,
  UserChange,
  UserPrincipal,
} from './people.js';
import { MAX_COMMAND_LENGTH, pageOf, Reason, Sha256Hex, Shell, Timestamp } from './primitives.js';
import {
  NewRule,
  Remember,
  Rule,
  RuleChange,
  RuleImport,
  RuleImportResult,
  RuleListQuery,
  RulePreview,
  RuleSuggestion,
} from './rule.js';
import { Session, SessionListQuery } from './session.js';
import { NewTarget, NewTargetGroup, Target, TargetChange, TargetGroup, TargetGroupChange } from './target.js';

/**
 * Questions that one service asks another. Every request that acts for somebody carries the principal, and the answering
 * service takes the org from there, never from a field of its own.
 */
const ask = <I extends z.ZodType, O extends z.ZodType>(request: I, response: O) => ({ request, response });
const byUser = { principal: UserPrincipal };
const byAgent = { principal: AgentPrincipal };
const byAny = { principal: Principal };
const id = { id: z.string().max(100) };
const done = z.object({});

/** A lease of a gateway on an authority's freshness (see `HINTS`): it must be renewed well within `lease_ms`. */
const leaseRequest = z.object({ gateway_id: z.string().max(100) });
const leaseResponse = z.object({ lease_ms: z.number().int() });
const acknowledgeRequest = z.object({ gateway_id: z.string().max(100), org: z.string(), version: z.number().int() });

/** Everything that judging needs of an org's rules. */
export const SnapshotTarget = Target.pick({ id: true, name: true, shell: true, production: true, group_ids: true });
export const ApprovalPolicy = z.object({
  id: z.string(),
  name: z.string(),
  target_group_ids: z.array(z.string()),
  risk_levels: z.array(z.string()),
  agent_ids: z.array(z.string()),
  programs: z.array(z.string()),
  require_n_approvers: z.number().int(),
  policy: z.enum(['AnyOf', 'AllOf']),
  roles: z.array(z.string()),
  groups: z.array(z.string()),
});
const snapshotCommon = {
  org: z.string(),
  version: z.number().int(),
  targets: z.array(SnapshotTarget),
  policies: z.array(ApprovalPolicy),
};
export const SnapshotFull = z.object({ type: z.literal('full'), ...snapshotCommon, rules: z.array(Rule) });
export const SnapshotDelta = z.object({
  type: z.literal('delta'),
  ...snapshotCommon,
  since: z.number().int(),
  upserted: z.array(Rule),
  removed: z.array(z.string()),
});

/** A submission as the gateway judged it, ready to be held. */
export const HeldSubmission = z.object({
  command_id: z.string(),
  approval_id: z.string(),
  submission: Submission,
  /** The text judged: the command, or the canonical JSON of another kind. */
  text: z.string(),
  text_sha256: Sha256Hex,
  text_escaped: z.string(),
  shell: Shell,
  target: z.string().nullable(),
  session_id: z.string().nullable(),
  analysis: Analysis,
  risk: Risk,
  requirement: Requirement.omit({ missing: true }),
  timeout: z.object({ action: z.enum(['deny', 'hold', 'allow', 'escalate']), seconds: z.number() }),
  pending_limit: z.number().int(),
  one_person_approval: z.boolean(),
});
export type HeldSubmission = z.infer<typeof HeldSubmission>;

/** A new judgement of an edited text, made by the gateway that holds the snapshot. */
export const EditedText = z.object({
  command: z.string().min(1).max(MAX_COMMAND_LENGTH),
  sha256: Sha256Hex,
  escaped: z.string(),
  analysis: Analysis,
  risk: Risk,
  requirement: Requirement.omit({ missing: true }),
});
export type EditedText = z.infer<typeof EditedText>;

/** The right to mint the one receipt of a command: recorded before it is answered. */
export const MintGrant = z.object({ command: Command, jti: z.string(), issued_at: Timestamp, expires_at: Timestamp });

export const RPC = {
  // approvals
  'approvals.submit': ask(
    z.object({ ...byAgent, held: HeldSubmission }),
    z.object({ command: Command, approval: Approval.nullable(), repeated: z.boolean() }),
  ),
  /**
   * Records a decision by rule under an idempotency key, both in one transaction, or tells whose command the key is
   * already (then nothing of this one is recorded).
   */
  'approvals.claim_key': ask(
    z.object({ ...byAgent, key: z.string(), fingerprint: Sha256Hex, decided: EVENTS['command.decided'] }),
    z.object({ command_id: z.string() }),
  ),
  'approvals.vote': ask(
    z.object({
      ...byUser,
      ...id,
      verb: VoteVerb,
      version: z.number().int(),
      command_sha256: Sha256Hex,
      reason: Reason.nullable(),
      edited: EditedText.nullable(),
      remember: Remember.nullable(),
    }),
    Approval,
  ),
  'approvals.get': ask(z.object({ ...byUser, ...id }), Approval),
  'approvals.list': ask(z.object({ ...byUser, query: ApprovalListQuery }), pageOf(Approval)),
  'approvals.command': ask(z.object({ ...byAny, ...id }), Command.nullable()),
  'approvals.cancel': ask(z.object({ ...byAgent, ...id }), Command),
  /** Mints at most once per held command. `receipt_seconds` is how long the receipt will be valid. */
  'approvals.start': ask(z.object({ ...byAgent, ...id, receipt_seconds: z.number().int() }), MintGrant),
  'approvals.result': ask(z.object({ ...byAgent, ...id, result: CommandResult }), Command.nullable()),

  // policy
  'policy.renew_lease': ask(leaseRequest, leaseResponse),
  'policy.acknowledge': ask(acknowledgeRequest, done),
  'policy.snapshot': ask(
    z.object({ org: z.string(), since: z.number().int().nullable() }),
    z.discriminatedUnion('type', [SnapshotFull, SnapshotDelta]),
  ),
  'policy.rules.list': ask(z.object({ ...byUser, query: RuleListQuery }), pageOf(Rule)),
  'policy.rules.get': ask(z.object({ ...byUser, ...id }), Rule),
  'policy.rules.create': ask(z.object({ ...byUser, rule: NewRule }), Rule),
  'policy.rules.update': ask(z.object({ ...byUser, ...id, change: RuleChange }), Rule),
  'policy.rules.delete': ask(z.object({ ...byUser, ...id }), done),
  'policy.rules.import': ask(z.object({ ...byUser, request: RuleImport }), RuleImportResult),
  'policy.rules.export': ask(z.object(byUser), z.object({ rules: z.array(NewRule) })),
  'policy.rules.preview': ask(
    z.object({ ...byUser, rule: NewRule, days: z.number().int().min(1).max(90) }),
    RulePreview,
  ),
  /** Checks that a vote's `remember` can become a rule, before the vote is cast. */
  'policy.rules.check_remember': ask(
    z.object({ ...byUser, remember: Remember, effect: z.enum(['allow', 'deny']), approval_id: z.string() }),
    done,
  ),
  'policy.suggestions.list': ask(z.object({ ...byUser, query: NamedListQuery }), pageOf(RuleSuggestion)),
  'policy.suggestions.accept': ask(z.object({ ...byUser, ...id }), Rule),
  'policy.suggestions.dismiss': ask(z.object({ ...byUser, ...id }), done),
  'policy.targets.list': ask(z.object({ ...byUser, query: NamedListQuery }), pageOf(Target)),
  'policy.targets.get': ask(z.object({ ...byUser, ...id }), Target),
  'policy.targets.create': ask(z.object({ ...byUser, target: NewTarget }), Target),
  'policy.targets.update': ask(z.object({ ...byUser, ...id, change: TargetChange }), Target),
  'policy.targets.delete': ask(z.object({ ...byUser, ...id }), done),
  'policy.groups.list': ask(z.object({ ...byUser, query: NamedListQuery }), pageOf(TargetGroup)),
  'policy.groups.get': ask(z.object({ ...byUser, ...id }), TargetGroup),
  'policy.groups.create': ask(z.object({ ...byUser, group: NewTargetGroup }), TargetGroup),
  'policy.groups.update': ask(z.object({ ...byUser, ...id, change: TargetGroupChange }), TargetGroup),
  'policy.groups.delete': ask(z.object({ ...byUser, ...id }), done),

  // identity
  'identity.renew_lease': ask(leaseRequest, leaseResponse),
  'identity.acknowledge': ask(acknowledgeRequest, done),
  /** Null for anything unknown, expired, revoked or suspended: the asker learns nothing more. */
  'identity.authenticate': ask(
    z.object({ credential: z.string().max(8_192) }),
    z.object({ principal: Principal.nullable(), expires_at: Timestamp.nullable() }),
  ),
  'identity.methods': ask(z.object({}), AuthMethods),
  'identity.login': ask(
    LoginRequest.extend({ address: z.string().max(100), user_agent: z.string().max(500) }),
    z.object({
      access_token: z.string(),
      expires_in: z.number(),
      refresh_token: z.string(),
      refresh_expires_in: z.number(),
      user: User,
    }),
  ),
  'identity.refresh': ask(
    z.object({ refresh_token: z.string().max(500) }),
    z.object({
      access_token: z.string(),
      expires_in: z.number(),
      refresh_token: z.string(),
      refresh_expires_in: z.number(),
      user: User,
    }),
  ),
  'identity.logout': ask(
    z.object({ refresh_token: z.string().max(500).nullable(), principal: UserPrincipal.nullable() }),
    done,
  ),
  'identity.setup': ask(
    SetupRequest.extend({ address: z.string().max(100), user_agent: z.string().max(500) }),
    z.object({
      access_token: z.string(),
      expires_in: z.number(),
      refresh_token: z.string(),
      refresh_expires_in: z.number(),
      user: User,
    }),
  ),
  'identity.accept_invitation': ask(AcceptInvitation, User),
  'identity.change_password': ask(ChangePassword.extend(byUser), done),
  'identity.org': ask(z.object({ org: z.string() }), Org),
  'identity.org.update': ask(z.object({ ...byUser, change: OrgChange }), Org),
  'identity.users.list': ask(z.object({ ...byUser, query: NamedListQuery }), pageOf(User)),
  'identity.users.get': ask(z.object({ ...byUser, ...id }), User),
  'identity.users.create': ask(z.object({ ...byUser, user: NewUser }), InvitedUser),
  'identity.users.update': ask(z.object({ ...byUser, ...id, change: UserChange }), User),
  'identity.users.delete': ask(z.object({ ...byUser, ...id }), done),
  'identity.agents.list': ask(z.object({ ...byUser, query: NamedListQuery }), pageOf(Agent)),
  'identity.agents.get': ask(z.object({ ...byUser, ...id }), Agent),
  'identity.agents.create': ask(z.object({ ...byUser, agent: NewAgent }), Agent),
  'identity.agents.update': ask(z.object({ ...byUser, ...id, change: AgentChange }), Agent),
  'identity.agents.delete': ask(z.object({ ...byUser, ...id }), done),
  'identity.agents.suspend': ask(z.object({ ...byUser, ...id }), Agent),
  'identity.agents.resume': ask(z.object({ ...byUser, ...id }), Agent),
  'identity.tokens.issue': ask(z.object({ ...byUser, agent_id: z.string(), token: NewAgentToken }), IssuedAgentToken),
  'identity.tokens.revoke': ask(z.object({ ...byUser, agent_id: z.string(), ...id }), done),

  // recording (sessions)
  'sessions.start': ask(
    z.object({
      ...byAgent,
      name: z.string().nullable(),
      target: z.string().nullable(),
      labels: z.record(z.string(), z.string()),
      client: z.object({ name: z.string(), version: z.string() }).nullable(),
    }),
    Session,
  ),
  /** The agent's own session, still open; NOT_FOUND otherwise. */
  'sessions.resume': ask(z.object({ ...byAgent, ...id }), Session),
  'sessions.end': ask(z.object({ ...byAgent, ...id }), done),
  'sessions.get': ask(z.object({ ...byUser, ...id }), Session),
  'sessions.list': ask(z.object({ ...byUser, query: SessionListQuery }), pageOf(Session)),

  // audit
  'audit.entries': ask(z.object({ ...byUser, query: AuditListQuery }), pageOf(AuditEntry)),
  /** Oldest first, for export and verification. */
  'audit.export': ask(
    z.object({ ...byUser, after_sequence: z.number().int().min(0), limit: z.number().int().min(1).max(1_000) }),
    z.object({ entries: z.array(AuditEntry) }),
  ),
  /** Unsigned: the gateway, which holds the keys, signs it. */
  'audit.head': ask(z.object(byUser), AuditHead),
  'audit.commands.list': ask(z.object({ ...byUser, query: CommandListQuery }), pageOf(Command)),
  'audit.commands.get': ask(z.object({ ...byAny, ...id }), Command.nullable()),
  'audit.commands.timeline': ask(z.object({ ...byUser, ...id }), Timeline),
  'audit.commands.result': ask(z.object({ ...byAgent, ...id, result: CommandResult }), Command.nullable()),
  /** Lines decided lately, newest first, for previews and suggestions. */
  'audit.commands.recent': ask(
    z.object({ org: z.string(), since: Timestamp, limit: z.number().int().max(50_000) }),
    z.object({ commands: z.array(Command) }),
  ),
  'audit.summary': ask(z.object(byUser), QueueSummary),
} as const;

export type RpcPattern = keyof typeof RPC;
export type RpcRequest<P extends RpcPattern> = z.input<(typeof RPC)[P]['request']>;
export type RpcHandled<P extends RpcPattern> = z.infer<(typeof RPC)[P]['request']>;
export type RpcResponse<P extends RpcPattern> = z.infer<(typeof RPC)[P]['response']>;
