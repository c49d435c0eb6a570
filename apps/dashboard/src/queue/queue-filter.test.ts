import { describe, expect, it } from '@jest/globals';
import { filterQueue, isFiltered, readQueueSearch } from './queue-filter.js';
import { anApproval } from './testing/an-approval.js';

describe('the address of the queue', () => {
  it('drops what is not understood', () => {
    expect(readQueueSearch({ q: '', risk: 'enormous', sort: 'risk', agent: 3, target: 'web-1', other: 'x' })).toEqual({
      target: 'web-1',
    });
    expect(readQueueSearch({ q: 'rm', risk: 'high', sort: 'newest' })).toEqual({
      q: 'rm',
      risk: 'high',
      sort: 'newest',
    });
  });
});

describe('the filters', () => {
  const rows = [
    anApproval({ id: 'a', command: 'rm -rf build', target: 'web-1' }),
    anApproval({ id: 'b', reason: 'Remove old BUILDS', target: null, agent: { id: 'agt_2', name: 'other' } }),
  ];
  const found = (search: Parameters<typeof filterQueue>[1]) => filterQueue(rows, search).map(({ id }) => id);

  it('search command, reason, agent and target without regard to case', () => {
    expect([found({ q: 'build' }), found({ q: 'OTHER' }), found({ q: 'web-1' }), found({ q: 'nothing' })]).toEqual([
      ['a', 'b'],
      ['b'],
      ['a'],
      [],
    ]);
  });

  it('narrow by agent, target and risk', () => {
    expect([found({ agent: 'agt_2' }), found({ target: 'web-1' }), found({ risk: 'high' })]).toEqual([
      ['b'],
      ['a'],
      [],
    ]);
  });

  it('an order alone is no filter', () => {
    expect([isFiltered({ sort: 'newest' }), isFiltered({ q: 'x' })]).toEqual([false, true]);
  });
});
