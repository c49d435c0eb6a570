import { z } from 'zod';
import { Jwks } from './agent-protocol.js';
import { Approval, ApprovalListQuery, ApproveRequest, BulkRequest, BulkResult, DenyRequest } from './approval.js';
import { Command, CommandResult, Submission } from './command.js';
import type { ErrorCode } from './errors.js';
import { Evaluation } from './judgement.js';
import { AuditCheckpoint, AuditEntry, AuditListQuery, CommandListQuery, QueueSummary, Timeline } from './oversight.js';
import {
  AcceptInvitation,
  Agent,
  AgentChange,
  AuthMethods,
  ChangePassword,
  InvitedUser,
  IssuedAgentToken,
  LoginRequest,
  Me,
  NamedListQuery,
  NewAgent,
  NewAgentToken,
  NewUser,
  Org,
  OrgChange,
  SetupRequest,
  SignedIn,
  User,
  UserChange,
} from './people.js';
import type { Permission } from './permissions.js';
import { NoContent, pageOf } from './primitives.js';
import {
  EvaluateRequest,
  NewRule,
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

/** Who may call a route: anybody, anybody signed in, or holders of any one of the permissions named. */
export type RouteAccess = 'public' | 'signed-in' | readonly Permission[];

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, parameters in braces. */
  path: string;
  access: RouteAccess;
  tag: string;
  summary: string;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Keyed by status. */
  responses: Record<number, z.ZodType>;
  errors?: ErrorCode[];
}

const route = <const R extends Route>(definition: R): R => definition;

const Wait = z.strictObject({ wait_seconds: z.coerce.number().int().min(0).max(60).default(0) });

/** `POST /commands` takes a submission and how long to wait for its decision. */
const waiting = {
  wait_seconds: z.number().int().min(0).max(60).optional(),
  session_id: z.string().max(100).optional(),
};
export const RestSubmission = z
  .discriminatedUnion('kind', [
    Submission.options[0].extend(waiting),
    Submission.options[1].extend(waiting),
    Submission.options[2].extend(waiting),
  ])
  .meta({ id: 'RestSubmission' });
export type RestSubmission = z.infer<typeof RestSubmission>;

export const RuleList = pageOf(Rule);
const Empty = z.strictObject({}).optional();

/** The whole REST surface. Controllers are bound to it, authorization reads it, and OpenAPI is generated from it. */
export const ROUTES = {
  // commands
  submitCommand: route({
    method: 'POST',
    path: '/commands',
    access: ['commands:submit'],
    tag: 'commands',
    summary: 'Ask to run something; waits up to wait_seconds for the decision',
    body: RestSubmission,
    responses: { 200: Command, 202: Command },
    errors: ['IDEMPOTENCY_CLASH', 'UNKNOWN_TARGET', 'CLAIM_OUTSIDE_TOKEN', 'TOO_MANY_PENDING'],
  }),
  listCommands: route({
    method: 'GET',
    path: '/commands',
    access: ['commands:read'],
    tag: 'commands',
    summary: 'Command history',
    query: CommandListQuery,
    responses: { 200: pageOf(Command) },
  }),
  getCommand: route({
    method: 'GET',
    path: '/commands/{id}',
    access: ['commands:submit', 'commands:read'],
    tag: 'commands',
    summary: 'One command; can wait for its decision',
    query: Wait,
    responses: { 200: Command },
  }),
  commandTimeline: route({
    method: 'GET',
    path: '/commands/{id}/timeline',
    access: ['commands:read'],
    tag: 'commands',
    summary: "One command's whole story",
    responses: { 200: Timeline },
  }),
  startCommand: route({
    method: 'POST',
    path: '/commands/{id}/start',
    access: ['commands:submit'],
    tag: 'commands',
    summary: 'Take the receipt that was not delivered with the decision; once',
    body: Empty,
    responses: { 200: Command },
    errors: ['ALREADY_STARTED', 'NOT_ALLOWED_YET'],
  }),
  cancelCommand: route({
    method: 'POST',
    path: '/commands/{id}/cancel',
    access: ['commands:submit'],
    tag: 'commands',
    summary: 'Withdraw a pending command',
    body: Empty,
    responses: { 200: Command },
    errors: ['ALREADY_CLOSED'],
  }),
  reportResult: route({
    method: 'POST',
    path: '/commands/{id}/result',
    access: ['commands:submit'],
    tag: 'commands',
    summary: 'Report how the command ended',
    body: CommandResult,
    responses: { 200: Command },
    errors: ['NOT_ALLOWED_YET', 'ALREADY_CLOSED'],
  }),
  receiptKeys: route({
    method: 'GET',
    path: '/receipt-keys',
    access: 'public',
    tag: 'commands',
    summary: 'Keys that verify receipts and audit checkpoints (JWKS)',
    responses: { 200: Jwks },
  }),

  // approvals
  listApprovals: route({
    method: 'GET',
    path: '/approvals',
    access: ['approvals:read'],
    tag: 'approvals',
    summary: 'Requests, newest first (or, with updated_since, those that changed)',
    query: ApprovalListQuery,
    responses: { 200: pageOf(Approval) },
  }),
  queueSummary: route({
    method: 'GET',
    path: '/approvals/summary',
    access: ['approvals:read'],
    tag: 'approvals',
    summary: "How full the queue is, and today's figures",
    responses: { 200: QueueSummary },
  }),
  bulkDecide: route({
    method: 'POST',
    path: '/approvals/bulk',
    access: ['approvals:decide'],
    tag: 'approvals',
    summary: 'Decide several; each has its own result',
    body: BulkRequest,
    responses: { 200: BulkResult },
  }),
  getApproval: route({
    method: 'GET',
    path: '/approvals/{id}',
    access: ['approvals:read'],
    tag: 'approvals',
    summary: 'One request',
    responses: { 200: Approval },
  }),
  approve: route({
    method: 'POST',
    path: '/approvals/{id}/approve',
    access: ['approvals:decide'],
    tag: 'approvals',
    summary: 'Approve the version and text that were shown',
    body: ApproveRequest,
    responses: { 200: Approval },
    errors: ['ALREADY_CLOSED', 'STALE_VERSION', 'TEXT_MISMATCH', 'ALREADY_VOTED', 'OWN_AGENT', 'RULE_INVALID'],
  }),
  deny: route({
    method: 'POST',
    path: '/approvals/{id}/deny',
    access: ['approvals:decide'],
    tag: 'approvals',
    summary: 'Deny, with a reason for the agent',
    body: DenyRequest,
    responses: { 200: Approval },
    errors: ['ALREADY_CLOSED', 'STALE_VERSION', 'TEXT_MISMATCH', 'RULE_INVALID'],
  }),

  // rules
  listRules: route({
    method: 'GET',
    path: '/rules',
    access: ['rules:read'],
    tag: 'rules',
    summary: 'Rules',
    query: RuleListQuery,
    responses: { 200: RuleList },
  }),
  createRule: route({
    method: 'POST',
    path: '/rules',
    access: ['rules:write'],
    tag: 'rules',
    summary: 'Make a rule',
    body: NewRule,
    responses: { 201: Rule },
    errors: ['RULE_INVALID', 'ALREADY_EXISTS'],
  }),
  evaluate: route({
    method: 'POST',
    path: '/rules/evaluate',
    access: ['rules:read'],
    tag: 'rules',
    summary: 'How would this be judged? Runs nothing',
    body: EvaluateRequest,
    responses: { 200: Evaluation },
  }),
  previewRule: route({
    method: 'POST',
    path: '/rules/preview',
    access: ['rules:read'],
    tag: 'rules',
    summary: 'Which past commands would this rule have covered?',
    body: z
      .strictObject({ rule: NewRule, days: z.number().int().min(1).max(90).default(30) })
      .meta({ id: 'RulePreviewRequest' }),
    responses: { 200: RulePreview },
    errors: ['RULE_INVALID'],
  }),
  importRules: route({
    method: 'POST',
    path: '/rules/import',
    access: ['rules:write'],
    tag: 'rules',
    summary: 'Make many rules, all or none',
    body: RuleImport,
    responses: { 200: RuleImportResult },
    errors: ['RULE_INVALID'],
  }),
  exportRules: route({
    method: 'GET',
    path: '/rules/export',
    access: ['rules:read'],
    tag: 'rules',
    summary: 'All rules in the shape that import takes',
    responses: { 200: z.object({ rules: z.array(NewRule) }).meta({ id: 'RuleExport' }) },
  }),
  listSuggestions: route({
    method: 'GET',
    path: '/rules/suggestions',
    access: ['rules:read'],
    tag: 'rules',
    summary: 'Rules that past approvals suggest',
    query: NamedListQuery,
    responses: { 200: pageOf(RuleSuggestion) },
  }),
  acceptSuggestion: route({
    method: 'POST',
    path: '/rules/suggestions/{id}/accept',
    access: ['rules:write'],
    tag: 'rules',
    summary: 'Make the suggested rule',
    body: Empty,
    responses: { 201: Rule },
  }),
  dismissSuggestion: route({
    method: 'POST',
    path: '/rules/suggestions/{id}/dismiss',
    access: ['rules:write'],
    tag: 'rules',
    summary: 'Do not suggest this again',
    body: Empty,
    responses: { 204: NoContent },
  }),
  getRule: route({
    method: 'GET',
    path: '/rules/{id}',
    access: ['rules:read'],
    tag: 'rules',
    summary: 'One rule',
    responses: { 200: Rule },
  }),
  updateRule: route({
    method: 'PATCH',
    path: '/rules/{id}',
    access: ['rules:write'],
    tag: 'rules',
    summary: 'Change a rule',
    body: RuleChange,
    responses: { 200: Rule },
    errors: ['RULE_INVALID'],
  }),
  deleteRule: route({
    method: 'DELETE',
    path: '/rules/{id}',
    access: ['rules:write'],
    tag: 'rules',
    summary: 'Delete a rule; answers when no gateway uses it any more',
    responses: { 204: NoContent },
  }),

  // targets
  listTargets: route({
    method: 'GET',
    path: '/targets',
    access: ['targets:read'],
    tag: 'targets',
    summary: 'Targets',
    query: NamedListQuery,
    responses: { 200: pageOf(Target) },
  }),
  createTarget: route({
    method: 'POST',
    path: '/targets',
    access: ['targets:write'],
    tag: 'targets',
    summary: 'Register a target',
    body: NewTarget,
    responses: { 201: Target },
    errors: ['ALREADY_EXISTS'],
  }),
  getTarget: route({
    method: 'GET',
    path: '/targets/{id}',
    access: ['targets:read'],
    tag: 'targets',
    summary: 'One target',
    responses: { 200: Target },
  }),
  updateTarget: route({
    method: 'PATCH',
    path: '/targets/{id}',
    access: ['targets:write'],
    tag: 'targets',
    summary: 'Change a target',
    body: TargetChange,
    responses: { 200: Target },
  }),
  deleteTarget: route({
    method: 'DELETE',
    path: '/targets/{id}',
    access: ['targets:write'],
    tag: 'targets',
    summary: 'Delete a target',
    responses: { 204: NoContent },
    errors: ['IN_USE'],
  }),
  listTargetGroups: route({
    method: 'GET',
    path: '/target-groups',
    access: ['targets:read'],
    tag: 'targets',
    summary: 'Target groups',
    query: NamedListQuery,
    responses: { 200: pageOf(TargetGroup) },
  }),
  createTargetGroup: route({
    method: 'POST',
    path: '/target-groups',
    access: ['targets:write'],
    tag: 'targets',
    summary: 'Make a group',
    body: NewTargetGroup,
    responses: { 201: TargetGroup },
    errors: ['ALREADY_EXISTS'],
  }),
  getTargetGroup: route({
    method: 'GET',
    path: '/target-groups/{id}',
    access: ['targets:read'],
    tag: 'targets',
    summary: 'One group',
    responses: { 200: TargetGroup },
  }),
  updateTargetGroup: route({
    method: 'PATCH',
    path: '/target-groups/{id}',
    access: ['targets:write'],
    tag: 'targets',
    summary: 'Change a group',
    body: TargetGroupChange,
    responses: { 200: TargetGroup },
  }),
  deleteTargetGroup: route({
    method: 'DELETE',
    path: '/target-groups/{id}',
    access: ['targets:write'],
    tag: 'targets',
    summary: 'Delete a group',
    responses: { 204: NoContent },
    errors: ['IN_USE'],
  }),

  // agents
  listAgents: route({
    method: 'GET',
    path: '/agents',
    access: ['agents:read'],
    tag: 'agents',
    summary: 'Agents and their tokens',
    query: NamedListQuery,
    responses: { 200: pageOf(Agent) },
  }),
  createAgent: route({
    method: 'POST',
    path: '/agents',
    access: ['agents:write'],
    tag: 'agents',
    summary: 'Register an agent; the caller owns it',
    body: NewAgent,
    responses: { 201: Agent },
    errors: ['ALREADY_EXISTS'],
  }),
  getAgent: route({
    method: 'GET',
    path: '/agents/{id}',
    access: ['agents:read'],
    tag: 'agents',
    summary: 'One agent',
    responses: { 200: Agent },
  }),
  updateAgent: route({
    method: 'PATCH',
    path: '/agents/{id}',
    access: ['agents:write'],
    tag: 'agents',
    summary: 'Rename or describe an agent',
    body: AgentChange,
    responses: { 200: Agent },
  }),
  deleteAgent: route({
    method: 'DELETE',
    path: '/agents/{id}',
    access: ['agents:write'],
    tag: 'agents',
    summary: 'Remove an agent and revoke its tokens',
    responses: { 204: NoContent },
  }),
  suspendAgent: route({
    method: 'POST',
    path: '/agents/{id}/suspend',
    access: ['agents:write'],
    tag: 'agents',
    summary: 'Stop an agent at once',
    body: Empty,
    responses: { 200: Agent },
  }),
  resumeAgent: route({
    method: 'POST',
    path: '/agents/{id}/resume',
    access: ['agents:write'],
    tag: 'agents',
    summary: 'Let a suspended agent work again',
    body: Empty,
    responses: { 200: Agent },
  }),
  issueToken: route({
    method: 'POST',
    path: '/agents/{id}/tokens',
    access: ['agents:write'],
    tag: 'agents',
    summary: 'Issue a shell token; it is shown once',
    body: NewAgentToken,
    responses: { 201: IssuedAgentToken },
  }),
  revokeToken: route({
    method: 'DELETE',
    path: '/agents/{id}/tokens/{token_id}',
    access: ['agents:write'],
    tag: 'agents',
    summary: 'Revoke a token; answers when no gateway takes it any more',
    responses: { 204: NoContent },
  }),

  // sessions
  listSessions: route({
    method: 'GET',
    path: '/sessions',
    access: ['sessions:read'],
    tag: 'sessions',
    summary: 'Agent sessions',
    query: SessionListQuery,
    responses: { 200: pageOf(Session) },
  }),
  getSession: route({
    method: 'GET',
    path: '/sessions/{id}',
    access: ['sessions:read'],
    tag: 'sessions',
    summary: 'One session',
    responses: { 200: Session },
  }),
  sessionCommands: route({
    method: 'GET',
    path: '/sessions/{id}/commands',
    access: ['sessions:read'],
    tag: 'sessions',
    summary: 'What was asked for in a session',
    query: CommandListQuery.omit({ session_id: true }),
    responses: { 200: pageOf(Command) },
  }),

  // org and people
  getOrg: route({
    method: 'GET',
    path: '/org',
    access: ['org:read'],
    tag: 'org',
    summary: "The caller's org",
    responses: { 200: Org },
  }),
  updateOrg: route({
    method: 'PATCH',
    path: '/org',
    access: ['org:write'],
    tag: 'org',
    summary: 'Change settings',
    body: OrgChange,
    responses: { 200: Org },
  }),
  listUsers: route({
    method: 'GET',
    path: '/users',
    access: ['users:read'],
    tag: 'people',
    summary: 'People',
    query: NamedListQuery,
    responses: { 200: pageOf(User) },
  }),
  createUser: route({
    method: 'POST',
    path: '/users',
    access: ['users:write'],
    tag: 'people',
    summary: 'Invite a person; the invitation token is shown once',
    body: NewUser,
    responses: { 201: InvitedUser },
    errors: ['ALREADY_EXISTS'],
  }),
  getUser: route({
    method: 'GET',
    path: '/users/{id}',
    access: ['users:read'],
    tag: 'people',
    summary: 'One person',
    responses: { 200: User },
  }),
  updateUser: route({
    method: 'PATCH',
    path: '/users/{id}',
    access: ['users:write'],
    tag: 'people',
    summary: 'Change name, roles or whether the person may sign in',
    body: UserChange,
    responses: { 200: User },
  }),
  deleteUser: route({
    method: 'DELETE',
    path: '/users/{id}',
    access: ['users:write'],
    tag: 'people',
    summary: 'Remove a person',
    responses: { 204: NoContent },
  }),

  // sign-in
  authMethods: route({
    method: 'GET',
    path: '/auth/methods',
    access: 'public',
    tag: 'auth',
    summary: 'How one can sign in here',
    responses: { 200: AuthMethods },
  }),
  login: route({
    method: 'POST',
    path: '/auth/login',
    access: 'public',
    tag: 'auth',
    summary: 'Sign in with e-mail and password',
    body: LoginRequest,
    responses: { 200: SignedIn },
    errors: ['SIGN_IN_FAILED'],
  }),
  refresh: route({
    method: 'POST',
    path: '/auth/refresh',
    access: 'public',
    tag: 'auth',
    summary: 'Trade the refresh cookie for a new access token; needs the header x-expacti-csrf: 1',
    body: Empty,
    responses: { 200: SignedIn },
  }),
  logout: route({
    method: 'POST',
    path: '/auth/logout',
    access: 'public',
    tag: 'auth',
    summary: 'Sign out; needs the header x-expacti-csrf: 1',
    body: Empty,
    responses: { 204: NoContent },
  }),
  setup: route({
    method: 'POST',
    path: '/auth/setup',
    access: 'public',
    tag: 'auth',
    summary: 'Create the first owner with the one-time set-up token',
    body: SetupRequest,
    responses: { 201: SignedIn },
    errors: ['SETUP_DONE'],
  }),
  acceptInvitation: route({
    method: 'POST',
    path: '/auth/invitation',
    access: 'public',
    tag: 'auth',
    summary: 'Choose a password with an invitation token',
    body: AcceptInvitation,
    responses: { 200: User },
  }),
  changePassword: route({
    method: 'POST',
    path: '/auth/password',
    access: 'signed-in',
    tag: 'auth',
    summary: 'Change the own password; other sign-ins end',
    body: ChangePassword,
    responses: { 204: NoContent },
  }),
  me: route({
    method: 'GET',
    path: '/auth/me',
    access: 'signed-in',
    tag: 'auth',
    summary: 'Who am I, and what may I do?',
    responses: { 200: Me },
  }),

  // oversight
  listAudit: route({
    method: 'GET',
    path: '/audit',
    access: ['audit:read'],
    tag: 'oversight',
    summary: 'The audit log',
    query: AuditListQuery,
    responses: { 200: pageOf(AuditEntry) },
  }),
  exportAudit: route({
    method: 'GET',
    path: '/audit/export',
    access: ['audit:read'],
    tag: 'oversight',
    summary: 'The audit log, oldest first, one JSON object a line (application/x-ndjson)',
    query: z.strictObject({ after_sequence: z.coerce.number().int().min(0).default(0) }),
    responses: { 200: AuditEntry },
  }),
  auditCheckpoint: route({
    method: 'GET',
    path: '/audit/checkpoint',
    access: ['audit:read'],
    tag: 'oversight',
    summary: 'A signed statement of where the chain stands',
    responses: { 200: AuditCheckpoint },
  }),
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
