import { describe, expect, it } from '@jest/globals';
import type { RiskLevel } from '../api/types.js';
import { orderQueue } from './queue-order.js';
import { anApproval } from './testing/an-approval.js';

const row = (id: string, level: RiskLevel, deadline: string, created = '12:00:00') =>
  anApproval({
    id,
    risk: { score: 0, level, reversible: 'yes', reasons: [] },
    deadline_at: `2026-11-22T${deadline}.000Z`,
    created_at: `2026-11-22T${created}.000Z`,
  });
const rows = [
  row('a', 'low', '12:00:10', '12:00:03'),
  row('b', 'critical', '12:09:00', '12:00:01'),
  row('c', 'low', '12:00:05', '12:00:02'),
  row('d', 'high', '12:05:00', '12:00:04'),
];
const order = (sort: 'risk' | 'deadline' | 'newest') =>
  orderQueue(rows, sort)
    .map(({ id }) => id)
    .join('');

describe('the order of the queue', () => {
  it('puts the worst first, then what runs out first', () => {
    expect(order('risk')).toBe('bdca');
  });

  it('can go by the deadline, or by age', () => {
    expect([order('deadline'), order('newest')]).toEqual(['cadb', 'dacb']);
  });

  it('does not depend on how the rows came', () => {
    const same = [row('y', 'low', '12:00:10'), row('x', 'low', '12:00:10')];
    expect(orderQueue(same, 'risk')).toEqual(orderQueue(same.toReversed(), 'risk'));
  });
});
