import {
  type AgentPrincipal,
  type Approval,
  type HeldSubmission,
  ROLE_PERMISSIONS,
  type RpcRequest,
  type Submission,
  type UserPrincipal,
} from '@expacti/contracts';
import { sha256Hex } from '@expacti/crypto';
import { newId } from '@expacti/persistence';

export const ORG = newId('org');
export const OTHER_ORG = newId('org');

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
  sign_in_id: null,
  roles: ['reviewer'],
  groups: [],
  permissions: [...ROLE_PERMISSIONS.reviewer],
  ...more,
});

export const risk = (level: HeldSubmission['risk']['level'] = 'medium'): HeldSubmission['risk'] => ({
  score: 40,
  level,
  reversible: 'partly',
  reasons: ['writes files'],
});

export const analysis = (parseable = true): HeldSubmission['analysis'] => ({
  parseable,
  reasons: [],
  commands: [],
  warnings: [],
});

/** The analysis of one command, with what a rule says about it. */
export const judged = (verdict: 'allow' | 'deny' | 'review', rule_id: string | null): HeldSubmission['analysis'] => ({
  ...analysis(),
  commands: [{ argv: ['ls'], text: 'ls', dynamic: [], context: [], verdict, rule_id, reasons: [] }],
});

type Requirement = HeldSubmission['requirement'];

export const requirement = (more: Partial<Requirement> = {}): Requirement => ({
  require_n_approvers: 1,
  policy: 'AnyOf',
  roles: [],
  groups: [],
  ...more,
});

/** A submission as a gateway would hand it over. */
export function held(text = 'systemctl restart web', more: Partial<HeldSubmission> = {}): HeldSubmission {
  const submission: Submission = { kind: 'command', command: text };
  return {
    command_id: newId('cmd'),
    approval_id: newId('apr'),
    submission,
    text,
    text_sha256: sha256Hex(text),
    text_escaped: text,
    shell: 'bash',
    target: null,
    session_id: null,
    analysis: analysis(),
    risk: risk(),
    requirement: requirement(),
    timeout: { action: 'deny', seconds: 60 },
    pending_limit: 50,
    one_person_approval: false,
    ...more,
  };
}

export const edited = (command: string, more: object = {}) => ({
  command,
  sha256: sha256Hex(command),
  escaped: command,
  analysis: analysis(),
  risk: risk(),
  requirement: requirement(),
  ...more,
});

type VoteRequest = RpcRequest<'approvals.vote'>;

/** A vote that has seen the approval as it is. */
export const ballot = (principal: UserPrincipal, approval: Approval, more: Partial<VoteRequest> = {}): VoteRequest => ({
  principal,
  id: approval.id,
  verb: 'approve',
  version: approval.version,
  command_sha256: approval.command_sha256,
  reason: null,
  edited: null,
  remember: null,
  ...more,
});
