import { describe, expect, it } from '@jest/globals';
import { neighbour, nextSelection } from './next-selection.js';

const order = ['a', 'b', 'c', 'd'];

describe('after a decision', () => {
  it('the next one down is selected', () => {
    expect(nextSelection(order, new Set(['b']), 'b')).toBe('c');
  });

  it('rows that closed meanwhile are passed over', () => {
    expect(nextSelection(order, new Set(['b', 'c']), 'b')).toBe('d');
  });

  it('at the end it is the nearest above', () => {
    expect(nextSelection(order, new Set(['d', 'c']), 'd')).toBe('b');
  });

  it('nothing is selected when nothing is left', () => {
    expect(nextSelection(order, new Set(order), 'a')).toBeNull();
  });

  it('a request that is not in the list leads to the first', () => {
    expect(nextSelection(order, new Set(['z']), 'z')).toBe('a');
  });
});

describe('going through the list', () => {
  it('stops at its ends', () => {
    expect([neighbour(order, 'a', -1), neighbour(order, 'd', 1)]).toEqual(['a', 'd']);
    expect([neighbour(order, 'b', -1), neighbour(order, 'b', 1)]).toEqual(['a', 'c']);
  });

  it('begins at the top when nothing is selected', () => {
    expect([neighbour(order, undefined, 1), neighbour(order, 'z', -1), neighbour([], 'a', 1)]).toEqual([
      'a',
      'a',
      null,
    ]);
  });
});
