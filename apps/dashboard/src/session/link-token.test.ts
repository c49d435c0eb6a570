import { describe, expect, it } from '@jest/globals';
import { linkToken } from './link-token.js';

describe('the token of a link', () => {
  it('stands behind the #', () => {
    expect(linkToken('#token=setup_a-b_C')).toBe('setup_a-b_C');
    expect(linkToken('#token=a%2Bb')).toBe('a+b');
  });

  it('is empty where the link has none', () => {
    for (const hash of ['', '#', '#other=1']) expect(linkToken(hash)).toBe('');
  });
});
