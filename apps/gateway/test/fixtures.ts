import { createHash } from 'node:crypto';
import {
  type AgentPrincipal,
  type Approval,
  type Command,
  type CommandRecord,
  type HintPayload,
  type Org,
  ROLE_PERMISSIONS,
  type Rule,
  type UserPrincipal,
} from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { createLogger } from '@expacti/platform';
import type { GatewayOptions } from '../src/gateway-options.js';

export const ORG = newId('org');
export const OTHER_ORG = newId('org');
const BEGINNING = '2026-01-01T00:00:00.000Z';

export const silent = createLogger('gateway', 'silent');

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

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

export const reviewer = (more: Partial<UserPrincipal> = {}): UserPrincipal => ({
  kind: 'user',
  org: ORG,
  id: newId('usr'),
  name: 'Rita Reviewer',
  email: 'rita@example.com',
  sign_in_id: newId('sin'),
  roles: ['reviewer'],
  groups: [],
  permissions: [...ROLE_PERMISSIONS.reviewer],
  ...more,
});

export const orgSettings = (more: Partial<Org> = {}): Org => ({
  id: ORG,
  name: 'Example',
  eval: false,
  timeout: { action: 'deny', seconds: 60 },
  one_person_approval: false,
  remember_dynamic: 'session',
  pending_limit: 50,
  created_at: BEGINNING,
  updated_at: BEGINNING,
  updated_by: null,
  ...more,
});

export const rule = (pattern: string, more: Partial<Rule> = {}): Rule => ({
  id: newId('rule'),
  effect: 'allow',
  kind: 'command',
  pattern_type: 'exact',
  pattern,
  scope: { type: 'global' },
  agent_id: null,
  session_id: null,
  shell: null,
  cwd: null,
  pipeline: false,
  matchers: [],
  direction: null,
  expires_at: null,
  shadow: false,
  examples: { matches: [], does_not_match: [] },
  note: null,
  approved_for: { approvers: 1, roles: [], groups: [] },
  created_by: { id: newId('usr'), name: 'Rita' },
  created_at: BEGINNING,
  updated_at: BEGINNING,
  last_used_at: null,
  use_count: 0,
  shadow_count: 0,
  ...more,
});

const LOW_RISK = { score: 5, level: 'low' as const, reversible: 'yes' as const, reasons: [] };

export const approval = (more: Partial<Approval> = {}): Approval => {
  const command = more.command ?? 'make deploy';
  return {
    id: newId('apr'),
    command_id: newId('cmd'),
    version: 1,
    status: 'pending',
    kind: 'command',
    command,
    command_sha256: sha256(command),
    command_escaped: command,
    original_command: null,
    shell: 'bash',
    cwd: null,
    target: null,
    agent: { id: newId('agt'), name: 'deploy-bot' },
    session_id: null,
    reason: null,
    context: null,
    risk: LOW_RISK,
    analysis: { parseable: true, reasons: [], commands: [], warnings: [] },
    requirement: {
      require_n_approvers: 1,
      policy: 'AnyOf',
      roles: [],
      groups: [],
      policy_id: null,
      missing: { approvers: 1, roles: [], groups: [] },
    },
    votes: [],
    encrypted: false,
    created_at: BEGINNING,
    deadline_at: '2026-01-01T00:01:00.000Z',
    closed_at: null,
    close_reason: null,
    ...more,
  };
};

export const record = (by: AgentPrincipal, command: string, more: Partial<CommandRecord> = {}): CommandRecord => ({
  id: newId('cmd'),
  ref: null,
  kind: 'command',
  command,
  command_sha256: sha256(command),
  shell: 'bash',
  cwd: null,
  target: null,
  agent: { id: by.id, name: by.name },
  session_id: null,
  reason: null,
  context: null,
  approval_id: null,
  risk: LOW_RISK,
  created_at: BEGINNING,
  ...more,
});

type DecidedCommand = Command & { decision: NonNullable<Command['decision']> };

/** A command that has been allowed, by a rule unless something else is said. */
export const allowedCommand = (by: AgentPrincipal, text: string, more: Partial<Command> = {}): DecidedCommand => ({
  ...record(by, text),
  status: 'allowed',
  decision: decision(text),
  started_at: null,
  result: null,
  ...(more as Partial<DecidedCommand>),
});

export const decision = (text: string): NonNullable<Command['decision']> => ({
  outcome: 'allowed',
  source: 'rule',
  command: text,
  edited: false,
  shell: 'bash',
  cwd: null,
  target: null,
  reason: null,
  rule_id: null,
  reviewers: [],
  risk: LOW_RISK,
  decided_at: BEGINNING,
});

type Change = HintPayload<'identity.changed'>;

export const identityChange = (revoked: Partial<Change['revoked']> = {}, org = ORG): Change => ({
  org,
  version: 1,
  revoked: { token_ids: [], agent_ids: [], user_ids: [], sign_in_ids: [], ...revoked },
});

export const gatewayOptions = (more: Partial<GatewayOptions> = {}): GatewayOptions => ({
  gatewayId: 'gateway-1',
  serverVersion: '0.0.0',
  publicUrl: 'https://expacti.example.com',
  evalMode: false,
  evalAllowRemote: false,
  dashboardFolder: null,
  docsFolder: '',
  receiptSeconds: 60,
  metricsToken: null,
  weaknesses: [],
  limits: {
    submissionsPerSecond: 2_000,
    submissionBurst: 4_000,
    requestsPerSecond: 200,
    publicRequestsPerSecond: 20,
    socketsPerAgent: 200,
  },
  ...more,
});
