import { expect, it } from '@jest/globals';
import { tokenLimits } from './token-limits.js';

it('says where a token may be used', () => {
  expect(tokenLimits({ targets: null, shells: null, kinds: null })).toBe('any target');
  expect(tokenLimits({ targets: ['web-1'], shells: ['bash'], kinds: ['tool_call'] })).toBe(
    'on web-1 · bash · tool call',
  );
  expect(tokenLimits({ targets: [], shells: null, kinds: null })).toBe('no target');
});
