import { describe, expect, it } from '@jest/globals';
import { historyQuery, readHistorySearch } from './history-search.js';

describe('the address of the history', () => {
  it('drops what is not understood', () => {
    expect(
      readHistorySearch({ q: 'git', status: 'maybe', source: 'rule', period: 'day', kind: 'x', agent: 7 }),
    ).toEqual({ q: 'git', source: 'rule', period: 'day' });
  });

  it('asks for a period that holds still for a minute', () => {
    const now = Date.parse('2026-11-22T12:00:30.500Z');
    expect(historyQuery({ period: 'hour' }, now).since).toBe('2026-11-22T11:00:00.000Z');
    expect(historyQuery({ period: 'hour' }, now + 20_000).since).toBe('2026-11-22T11:00:00.000Z');
    expect(historyQuery({}, now).since).toBeUndefined();
  });
});
