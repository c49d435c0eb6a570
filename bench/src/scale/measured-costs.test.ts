import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { checkedCosts, type MeasuredCosts } from './measured-costs.js';

const ROUND = fileURLToPath(new URL('../../fixtures/round-costs.json', import.meta.url));
// A copy that may be spoilt.
const costs = () => JSON.parse(readFileSync(ROUND, 'utf8'));

describe('a file of measured costs', () => {
  test('is taken when it has every cost', () => {
    const checked: MeasuredCosts = checkedCosts(costs());
    expect(checked.operations.vote.approvals.cpu_us).toBe(1_000);
  });

  test('is refused with the name of what is missing, negative or no number', () => {
    const missing = costs();
    delete missing.operations.vote.audit;
    expect(() => checkedCosts(missing)).toThrow('operations.vote.audit.cpu_us must be a number');
    expect(() => checkedCosts({ ...costs(), fsync_us: -1 })).toThrow('fsync_us');
    expect(() => checkedCosts({ ...costs(), fsync_us: '90' })).toThrow('fsync_us');
    expect(() => checkedCosts(null)).toThrow('must be a number');
  });
});
