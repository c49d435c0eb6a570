import { describe, expect, it } from '@jest/globals';
import { withoutNul } from './without-nul.js';

describe('the character U+0000', () => {
  it('is refused wherever it stands, with the place named', () => {
    expect(() => withoutNul({ command: 'ls \0 -l' })).toThrow('command: must not contain');
    expect(() => withoutNul({ context: { steps: ['a', { 'b\0': 1 }] } })).toThrow('context.steps.1.b␀');
    expect(() => withoutNul('\0')).toThrow('body: must not contain');
  });

  it('is not found where it is only spelled', () => {
    const value = { command: 'printf "\\u0000\\0"', list: [null, 1, true, undefined], context: { deep: [[[]]] } };
    expect(withoutNul(value)).toBe(value);
  });

  it('in a value nested beyond measure is not looked for: that is refused as it is', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}1${']'.repeat(200_000)}`) as unknown;
    expect(() => withoutNul(deep)).toThrow('nested too deeply');
  });
});
