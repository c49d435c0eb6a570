import { describe, expect, it } from '@jest/globals';
import { KEY_HELP, type KeyPress, keyAction } from './key-action.js';

const press = (key: string, change: Partial<KeyPress> = {}) =>
  keyAction({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    typing: false,
    covered: false,
    letterKeys: true,
    ...change,
  });

describe('a key', () => {
  it('asks for what the help says', () => {
    expect(['j', 'k', 'a', 'd', 'e', 'r', 'x', 'X', 'u', 'o', '/', '?'].map((key) => press(key))).toEqual([
      'next',
      'previous',
      'approve',
      'deny',
      'edit',
      'remember',
      'select',
      'select-similar',
      'last-decided',
      'unfold',
      'search',
      'help',
    ]);
  });

  it('is text while somebody types', () => {
    expect(press('a', { typing: true })).toBeNull();
    expect(press('Escape', { typing: true })).toBe('close');
  });

  it('belongs to an open dialog, except for the palette', () => {
    expect(press('a', { covered: true })).toBeNull();
    expect(press('Escape', { covered: true })).toBeNull();
    expect(press('k', { covered: true, ctrlKey: true })).toBe('palette');
  });

  it('belongs to the browser with Ctrl, Alt or ⌘', () => {
    expect([press('a', { ctrlKey: true }), press('d', { metaKey: true }), press('e', { altKey: true })]).toEqual([
      null,
      null,
      null,
    ]);
    expect(press('K', { metaKey: true })).toBe('palette');
  });

  it('is nothing when letters are turned off, but Escape and the palette stay', () => {
    expect(press('a', { letterKeys: false })).toBeNull();
    expect(press('Escape', { letterKeys: false })).toBe('close');
    expect(press('k', { letterKeys: false, ctrlKey: true })).toBe('palette');
  });
});

it('every single key in the help does something', () => {
  const single = KEY_HELP.flatMap(({ keys }) =>
    keys.filter(({ keys: combination }) => combination.length === 1).map(({ keys: [key] }) => key ?? ''),
  );
  for (const key of single) expect([key, press(key === 'Esc' ? 'Escape' : key)]).not.toEqual([key, null]);
});
