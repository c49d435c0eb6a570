import { describe, expect, it } from '@jest/globals';
import { decide } from '../decide.js';
import type { DecisionRequest } from '../request.js';
import type { Rule } from '../rule.js';
import { commandRequest, NOW, rule, snapshotOf } from '../rule-fixtures.contract-test.js';

const OWNER = 'usr_owner';
const ofOwner = (fields: Partial<Rule> & { pattern: string }): Rule => rule({ created_by_id: OWNER, ...fields });
const ownedRequest = commandRequest('date', { agent_owner_id: OWNER });

const verdict = (rules: readonly Rule[], request: DecisionRequest = ownedRequest, onePersonApproval = false): string =>
  decide(snapshotOf(rules, { onePersonApproval }), request, NOW).verdict;

describe('allow rules that the owner of an agent made', () => {
  it.each(['exact', 'glob', 'regex'] as const)('do not count for that agent: %s', (pattern_type) => {
    const own = ofOwner({ pattern: 'date', pattern_type });
    expect(verdict([own])).toBe('review');
    expect(verdict([own], commandRequest('date', { agent_owner_id: 'usr_other' }))).toBe('allow');
    expect(verdict([own], commandRequest('date'))).toBe('allow');
    expect(verdict([own, rule({ pattern: 'date', created_by_id: 'usr_other' })])).toBe('allow');
  });

  it('count where one person may approve', () => {
    expect(verdict([ofOwner({ pattern: 'date' })], ownedRequest, true)).toBe('allow');
  });

  it('keep that setting through changes of the rules', () => {
    const trusting = snapshotOf([ofOwner({ pattern: 'date' })], { onePersonApproval: true }).with({ version: 2 });
    expect(decide(trusting, ownedRequest, NOW).verdict).toBe('allow');
    expect(decide(trusting.with({ version: 3, onePersonApproval: false }), ownedRequest, NOW).verdict).toBe('review');
  });

  it('are named in the explanation', () => {
    const { reasons } = decide(snapshotOf([ofOwner({ pattern: 'date' })]), ownedRequest, NOW);
    expect(reasons.join(' ')).toContain("Rule rule_allow date does not count here: the agent's owner made it");
  });

  it('are not counted for tool calls and files either', () => {
    const common = { agent_id: 'agent', agent_owner_id: OWNER };
    const tool = { ...common, kind: 'tool_call', tool: 'read', arguments: {} } as const;
    const file = { ...common, kind: 'file_transfer', direction: 'upload', paths: ['/srv/x'] } as const;
    expect(verdict([ofOwner({ kind: 'tool_call', pattern: 'read' })], tool)).toBe('review');
    expect(verdict([ofOwner({ kind: 'tool_call', pattern: 'read' })], tool, true)).toBe('allow');
    expect(verdict([ofOwner({ kind: 'file_transfer', pattern: '/srv/*' })], file)).toBe('review');
  });
});

describe('deny and review rules of the owner', () => {
  it.each(['deny', 'review'] as const)('count as those of anybody: %s', (effect) => {
    expect(verdict([rule({ pattern: 'date' }), ofOwner({ pattern: 'date', effect })])).toBe(effect);
  });
});
