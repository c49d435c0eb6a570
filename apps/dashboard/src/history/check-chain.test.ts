import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../api/types.js';
import { canonicalJson } from './canonical-json.js';
import { checkChain } from './check-chain.js';

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let previous = '0'.repeat(64);
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const entry = {
      sequence,
      at: '2026-11-22T12:00:00.000Z',
      actor: { kind: 'user' as const, id: 'usr_1', name: 'Ada' },
      action: 'rule.created',
      subject: { type: 'rule', id: 'rule_1' },
      data: { pattern: 'ls', nested: { b: 1, a: [true, null, 'é'] } },
    };
    const hash = createHash('sha256')
      .update(previous + canonicalJson(entry))
      .digest('hex');
    entries.push({ ...entry, previous_hash: previous, hash });
    previous = hash;
  }
  return entries;
}

describe('the chain of the audit log', () => {
  it('is whole, in whatever order the entries come', async () => {
    expect(await checkChain(chain(5).toReversed())).toEqual({ kind: 'whole', checked: 5 });
    expect(await checkChain([])).toEqual({ kind: 'whole', checked: 0 });
  });

  it('shows a changed, a missing and a foreign entry', async () => {
    const changed = chain(4).map((entry) => (entry.sequence === 2 ? { ...entry, action: 'rule.deleted' } : entry));
    expect(await checkChain(changed)).toMatchObject({ kind: 'broken', sequence: 2 });
    expect(await checkChain(chain(4).filter(({ sequence }) => sequence !== 3))).toMatchObject({
      kind: 'broken',
      sequence: 4,
    });
  });
});

it('canonical JSON orders keys and writes no spaces', () => {
  expect(canonicalJson({ b: 1, a: { d: [1.5, 'x'], c: null } })).toBe('{"a":{"c":null,"d":[1.5,"x"]},"b":1}');
});
