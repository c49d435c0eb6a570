import { describe, expect, it } from '@jest/globals';
import { readPreferences, rememberReason } from './preferences.js';

describe('what this browser remembers', () => {
  it('is read field by field, so that nonsense falls back to the default', () => {
    expect(readPreferences('{"sound":"yes","notifications":true,"recentReasons":["a",3]}', 'dark')).toMatchObject({
      sound: false,
      notifications: true,
      theme: 'dark',
      recentReasons: ['a'],
    });
    for (const stored of [null, '', 'nonsense', '[]', 'null', '7'])
      expect(readPreferences(stored, 'purple')).toMatchObject({ theme: 'system', letterKeys: true });
  });
});

describe('recent reasons', () => {
  it('put the latest first, once', () => {
    expect(rememberReason(['b', 'a'], ' a ')).toEqual(['a', 'b']);
  });

  it('leave out the empty and the very long, and stay few', () => {
    expect(rememberReason(['a'], '  ')).toEqual(['a']);
    expect(rememberReason(['a'], 'x'.repeat(200))).toEqual(['a']);
    expect(rememberReason(['1', '2', '3', '4', '5', '6'], '7')).toHaveLength(6);
  });
});
