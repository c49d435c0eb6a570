import { describe, expect, it } from '@jest/globals';
import { cutPage, decodeCursor, encodeCursor } from './keyset-cursor.js';

describe('a keyset cursor', () => {
  it('brings back the place that it stands for', () => {
    const cursor = encodeCursor([1_700_000_000_000, 'rule_ä']);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(cursor, ['number', 'string'])).toEqual([1_700_000_000_000, 'rule_ä']);
  });

  it('is refused when it has another shape or is no cursor at all', () => {
    for (const text of [
      '',
      '!!',
      'bm90IGpzb24',
      encodeCursor([1]),
      encodeCursor(['a', 'b', 'c']),
      encodeCursor(['a', 1]),
      encodeCursor([1.5, 'a']),
      encodeCursor([2 ** 53, 'a']),
      encodeCursor([1, 'a\0']),
    ])
      expect(decodeCursor(text, ['number', 'string'])).toBeNull();
  });

  it('is given only when more rows follow', () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id }));
    const position = (row: { id: string }) => [row.id];
    expect(cutPage(rows, 2, position)).toEqual({ rows: [{ id: 'a' }, { id: 'b' }], nextCursor: encodeCursor(['b']) });
    expect(cutPage(rows, 3, position)).toEqual({ rows, nextCursor: null });
    expect(cutPage([], 3, position)).toEqual({ rows: [], nextCursor: null });
  });
});
