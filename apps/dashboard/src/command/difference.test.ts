import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differenceOf } from './difference.js';

const side = (before: string, after: string, left: 'added' | 'removed') =>
  differenceOf(before, after)
    .filter(({ kind }) => kind !== left)
    .map(({ text }) => text)
    .join('');

describe('what an edit changed', () => {
  it('is told word by word', () => {
    expect(differenceOf('cat app.log', 'tail app.log')).toEqual([
      { kind: 'removed', text: 'cat' },
      { kind: 'added', text: 'tail' },
      { kind: 'same', text: ' app.log' },
    ]);
  });

  it('is nothing when nothing changed', () => {
    expect([differenceOf('ls', 'ls'), differenceOf('', '')]).toEqual([[{ kind: 'same', text: 'ls' }], []]);
  });

  it('shows a space that was added: it can change what runs', () => {
    expect(differenceOf('rm -rf ./x', 'rm -rf . /x').some(({ kind }) => kind !== 'same')).toBe(true);
  });

  it('always gives both texts back whole', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect([side(before, after, 'added'), side(before, after, 'removed')]).toEqual([before, after]);
      }),
    );
  });
});
