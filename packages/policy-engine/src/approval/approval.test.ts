import { describe, expect, it } from '@jest/globals';
import { decide } from '../decide.js';
import { commandRequest, NOW, rule, snapshotOf } from '../rule-fixtures.contract-test.js';
import { approvalState, type CountedVote } from './approval-state.js';
import {
  type ApprovalPolicy,
  type meetsRequirement,
  ONE_APPROVER,
  type Requirement,
  requirementFor,
} from './requirement.js';

const approve = (person_id: string, roles: string[] = [], groups: string[] = []): CountedVote => ({
  person_id,
  verb: 'approve',
  roles,
  groups,
});
const requirement = (fields: Partial<Requirement>): Requirement => ({ ...ONE_APPROVER, ...fields });
const policy = (fields: Partial<ApprovalPolicy>): ApprovalPolicy => ({
  id: 'pol_1',
  target_group_ids: [],
  risk_levels: [],
  agent_ids: [],
  programs: [],
  require_n_approvers: 1,
  policy: 'AnyOf',
  roles: [],
  groups: [],
  ...fields,
});
const facts = { agent_id: 'agent', target_group_ids: ['prod'], programs: ['rm'], riskLevel: () => 'high' as const };

describe('counting votes', () => {
  it('needs one approver by default', () => {
    expect(approvalState(ONE_APPROVER, [])).toEqual({ kind: 'need', approvers: 1, roles: [], groups: [] });
    expect(approvalState(ONE_APPROVER, [approve('a')])).toEqual({ kind: 'ok' });
  });

  it('counts one person once', () => {
    expect(approvalState(requirement({ require_n_approvers: 2 }), [approve('a'), approve('a')])).toMatchObject({
      kind: 'need',
      approvers: 1,
    });
    expect(approvalState(requirement({ require_n_approvers: 2 }), [approve('a'), approve('b')])).toEqual({
      kind: 'ok',
    });
  });

  it('is denied by one denial', () => {
    expect(approvalState(ONE_APPROVER, [approve('a'), { ...approve('b'), verb: 'deny' }])).toEqual({ kind: 'denied' });
  });

  it('counts only members where AnyOf names roles or groups', () => {
    const any = requirement({ roles: ['security'], groups: ['oncall'] });
    expect(approvalState(any, [approve('a')])).toEqual({
      kind: 'need',
      approvers: 1,
      roles: ['security'],
      groups: ['oncall'],
    });
    expect(approvalState(any, [approve('a', [], ['oncall'])])).toEqual({ kind: 'ok' });
  });

  it('needs a person for each role and group of AllOf, and n people in all', () => {
    const all = requirement({ policy: 'AllOf', require_n_approvers: 3, roles: ['security', 'dba'] });
    expect(approvalState(all, [approve('a', ['security', 'dba'])])).toEqual({
      kind: 'need',
      approvers: 2,
      roles: ['dba'],
      groups: [],
    });
    expect(approvalState(all, [approve('a', ['security', 'dba']), approve('b', ['security'])])).toEqual({
      kind: 'need',
      approvers: 1,
      roles: [],
      groups: [],
    });
    expect(approvalState(all, [approve('a', ['security', 'dba']), approve('b', ['security']), approve('c')])).toEqual({
      kind: 'ok',
    });
  });

  it('never is content with nobody', () => {
    expect(approvalState(requirement({ require_n_approvers: 0 }), [])).toMatchObject({ kind: 'need', approvers: 1 });
  });
});

describe('the requirement of a request', () => {
  it('is the default where no policy applies', () => {
    expect(
      requirementFor(
        [
          policy({ target_group_ids: ['db'] }),
          policy({ agent_ids: ['x'] }),
          policy({ risk_levels: ['low'] }),
          policy({ programs: ['ls'] }),
        ],
        facts,
      ),
    ).toEqual(ONE_APPROVER);
  });

  it('is that of the policy whose conditions all hold', () => {
    const wanted = policy({
      target_group_ids: ['prod'],
      risk_levels: ['high', 'critical'],
      programs: ['rm'],
      require_n_approvers: 2,
      roles: ['security'],
    });
    expect(requirementFor([wanted], facts)).toEqual({
      require_n_approvers: 2,
      policy: 'AnyOf',
      roles: ['security'],
      groups: [],
      policy_id: 'pol_1',
    });
  });

  it('meets all policies that apply', () => {
    const two = policy({ id: 'a', require_n_approvers: 2 });
    const security = policy({ id: 'b', roles: ['security'] });
    const oncall = policy({ id: 'c', groups: ['oncall'] });
    expect(requirementFor([two, security], facts)).toMatchObject({
      require_n_approvers: 2,
      policy: 'AnyOf',
      roles: ['security'],
    });
    expect(requirementFor([two, security, oncall], facts)).toMatchObject({
      require_n_approvers: 2,
      policy: 'AllOf',
      roles: ['security'],
      groups: ['oncall'],
    });
  });

  it('asks for the risk only where a policy depends on it', () => {
    const never = () => {
      throw new Error('asked');
    };
    expect(requirementFor([policy({})], { ...facts, riskLevel: never }).policy_id).toBe('pol_1');
  });
});

describe('an allow rule', () => {
  const strict = { policies: [policy({ programs: ['rm'], require_n_approvers: 2, roles: ['security'] })] };
  const judge = (approved_for: Parameters<typeof meetsRequirement>[0]) =>
    decide(snapshotOf([rule({ pattern: 'rm *', approved_for })], strict), commandRequest('rm x'), NOW);

  it('does not outrun the policies of today', () => {
    expect(judge(null)).toMatchObject({ verdict: 'review', requirement: { require_n_approvers: 2 } });
    expect(judge({ approvers: 2, roles: [], groups: [] }).verdict).toBe('review');
    expect(judge({ approvers: 1, roles: ['security'], groups: [] }).verdict).toBe('review');
    expect(judge({ approvers: 2, roles: ['security'], groups: [] }).verdict).toBe('allow');
  });

  it('is not held back by policies about something else', () => {
    const other = decide(snapshotOf([rule({ pattern: 'ls *' })], strict), commandRequest('ls x'), NOW);
    expect(other).toMatchObject({ verdict: 'allow', requirement: ONE_APPROVER });
    expect(
      decide(snapshotOf([rule({ pattern: 'ls *' })], strict), commandRequest('ls x; rm y'), NOW).requirement
        .require_n_approvers,
    ).toBe(2);
  });

  it('that is exact is held back too', () => {
    const exact = rule({ pattern: 'rm x', pattern_type: 'exact' });
    expect(decide(snapshotOf([exact], strict), commandRequest('rm x'), NOW).verdict).toBe('review');
  });
});
