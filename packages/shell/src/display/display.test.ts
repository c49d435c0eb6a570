import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeForDisplay, escapeText } from './escape-for-display.js';
import { findSuspiciousCharacters, hasHiddenCharacters } from './suspicious-characters.js';

describe('text for display', () => {
  it('leaves ordinary text alone', () => {
    for (const text of [
      '',
      'docker ps -a',
      'git commit -m "naïve café – done"',
      'cat файл',
      'ls 文件',
      'θέμα',
      '🚀 go',
    ]) {
      expect(escapeText(text)).toBe(text);
      expect(hasHiddenCharacters(text)).toBe(false);
    }
  });

  it.each([
    ['rm \u202egpj.sh', 'rm ⟨U+202E⟩gpj.sh'],
    ['a\u200bb', 'a⟨U+200B⟩b'],
    ['a\u00a0b', 'a⟨U+00A0⟩b'],
    ['a\rb', 'a⟨U+000D⟩b'],
    ['\u001b[2J', '⟨U+001B⟩[2J'],
    ['a\0b', 'a⟨U+0000⟩b'],
    ['a\u009bb', 'a⟨U+009B⟩b'],
    ['\ud800x', '⟨U+D800⟩x'],
    ['\u{e0041}', '⟨U+E0041⟩'],
    ['\u2800', '⟨U+2800⟩'],
    ['cаt', 'c⟨U+0430⟩t'],
    ['сору', '⟨U+0441⟩⟨U+043E⟩⟨U+0440⟩⟨U+0443⟩'],
    ['ls；rm', 'ls⟨U+FF1B⟩rm'],
    ['𝗅s', '⟨U+1D5C5⟩s'],
    ['plan –-dry', 'plan ⟨U+2013⟩-dry'],
    ['echo “x', 'echo ⟨U+201C⟩x'],
    ['a\nb', 'a⏎\nb'],
    ['a\tb', 'a⇥b'],
    ['⏎⟨U+202E⟩', '⟨U+23CE⟩⟨U+27E8⟩U+202E⟨U+27E9⟩'],
  ])('shows %j as %j', (text, shown) => {
    expect(escapeText(text)).toBe(shown);
  });

  it('says what a chip stands for', () => {
    expect(escapeForDisplay('cаt\n')).toEqual([
      { kind: 'text', text: 'c' },
      { kind: 'chip', text: 'а', label: 'U+0430, looks like “a”', codepoint: 0x430 },
      { kind: 'text', text: 't' },
      { kind: 'chip', text: '⏎', label: 'newline', codepoint: 10 },
      { kind: 'text', text: '\n' },
    ]);
    expect(findSuspiciousCharacters('\u202e')[0]?.label).toBe('right-to-left override');
    expect(findSuspiciousCharacters('\u{e0041}')[0]?.label).toBe('tag character that hides “A”');
  });

  it('does not count newline and tab as hidden', () => {
    expect(hasHiddenCharacters('a\n\tb')).toBe(false);
    expect(hasHiddenCharacters('a\u200b')).toBe(true);
  });

  it('never lets a control or format character through, and never shows two texts alike', () => {
    const shown = new Map<string, string>();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const escaped = escapeText(text);
        expect(escaped.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(shown.get(escaped) ?? text).toBe(text);
        shown.set(escaped, text);
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  it('loses nothing but what it spells out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        const pieces = escapeForDisplay(text);
        const rebuilt = pieces
          .map((piece) =>
            piece.kind === 'text' ? piece.text.replaceAll('\n', '') : String.fromCodePoint(piece.codepoint),
          )
          .join('');
        expect(rebuilt).toBe(text);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
