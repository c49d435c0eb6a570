import type { NewRule } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';

let stage: PolicyStage;

beforeEach(async () => {
  stage = await openPolicyStage();
});

afterEach(() => stage.close());

const org = newId('org');
const reviewer = person(org);
const glob = (pattern: string, more: Partial<NewRule> = {}): NewRule => ({
  effect: 'allow',
  kind: 'command',
  pattern_type: 'glob',
  pattern,
  scope: { type: 'global' },
  ...more,
});
const create = (rule: NewRule, principal = reviewer) => stage.rpc.ask('policy.rules.create', { principal, rule });

describe('rules', () => {
  it('are created with everything that was said and who said it', async () => {
    const rule = await create(glob('docker logs *', { note: 'reads only', expires_at: '2026-02-01T00:00:00.000Z' }));
    expect(rule).toMatchObject({
      effect: 'allow',
      kind: 'command',
      pattern: 'docker logs *',
      note: 'reads only',
      expires_at: '2026-02-01T00:00:00.000Z',
      created_by: { id: reviewer.id, name: reviewer.name },
      approved_for: { approvers: 1, roles: ['reviewer'], groups: [] },
      use_count: 0,
      last_used_at: null,
    });
    expect(await stage.rpc.ask('policy.rules.get', { principal: reviewer, id: rule.id })).toEqual(rule);
  });

  it('tell the bus what happened and the gateways that their snapshot is old', async () => {
    const rule = await create(glob('docker logs *'));
    await stage.rpc.ask('policy.rules.update', { principal: reviewer, id: rule.id, change: { note: 'why' } });
    await stage.rpc.ask('policy.rules.delete', { principal: reviewer, id: rule.id });
    await stage.flush();
    const seen = stage.events.map(({ type, payload }) => [type, payload]);
    expect(seen).toMatchObject([
      [
        'rule.created',
        {
          actor: { id: reviewer.id },
          subject: { type: 'rule', id: rule.id },
          data: { fields: { pattern: 'docker logs *' } },
        },
      ],
      ['policy.changed', { org, version: 1 }],
      ['rule.updated', { data: { fields: { note: { before: null, after: 'why' } } } }],
      ['policy.changed', { org, version: 2 }],
      ['rule.deleted', { data: { fields: { note: 'why' } } }],
      ['policy.changed', { org, version: 3 }],
    ]);
  });
});
