import { describe, expect, it } from '@jest/globals';
import { MOST_AT_ONCE, splitBulk } from './bulk.js';
import { anApproval } from './testing/an-approval.js';

const critical = anApproval({ id: 'c', risk: { score: 95, level: 'critical', reversible: 'no', reasons: [] } });
const long = anApproval({
  id: 'l',
  command: 'echo x\n'.repeat(400),
  risk: { score: 60, level: 'high', reversible: 'no', reasons: [] },
});

describe('deciding several at once', () => {
  it('leaves apart what has to be looked at by itself', () => {
    const { fit, apart } = splitBulk(
      [anApproval(), critical, long, anApproval({ id: 'e', encrypted: true })],
      'approve',
    );
    expect([fit.map(({ id }) => id), apart.map(({ approval }) => approval.id)]).toEqual([['apr_1'], ['c', 'l', 'e']]);
  });

  it('denies anything', () => {
    expect(splitBulk([critical, long], 'deny').apart).toEqual([]);
  });

  it('sends no more than the server takes', () => {
    const many = Array.from({ length: MOST_AT_ONCE + 3 }, (_, index) => anApproval({ id: String(index) }));
    expect([splitBulk(many, 'deny').fit.length, splitBulk(many, 'deny').apart.length]).toEqual([MOST_AT_ONCE, 3]);
  });
});
