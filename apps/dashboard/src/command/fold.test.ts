import { describe, expect, it } from '@jest/globals';
import { foldOf } from './fold.js';

describe('a fold', () => {
  it('is not made in what fits', () => {
    expect([foldOf('ls'), foldOf('x'.repeat(1_300)), foldOf(`${'echo\n'.repeat(12)}ls`)]).toEqual([null, null, null]);
  });

  it('says how many characters and lines it hides', () => {
    const source = 'echo line\n'.repeat(100);
    expect(foldOf(source)).toEqual({ at: 120, hiddenCharacters: 880, hiddenLines: 88 });
  });

  it('folds one very long line by its length', () => {
    expect(foldOf('a'.repeat(5_000))).toEqual({ at: 1_200, hiddenCharacters: 3_800, hiddenLines: 0 });
  });

  it('never cuts a character in two', () => {
    const fold = foldOf(`${'a'.repeat(1_199)}${'😀'.repeat(500)}`);
    expect(fold?.at).toBe(1_199);
  });
});
