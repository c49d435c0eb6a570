/** Names of characters that cannot be seen or that pass for a space, as a reviewer would want to read them. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'null'],
  [0x07, 'bell'],
  [0x08, 'backspace'],
  [0x09, 'tab'],
  [0x0a, 'newline'],
  [0x0b, 'vertical tab'],
  [0x0c, 'form feed'],
  [0x0d, 'carriage return'],
  [0x1b, 'escape'],
  [0x7f, 'delete'],
  [0x85, 'next line'],
  [0x9b, 'control sequence introducer'],
  [0xa0, 'no-break space'],
  [0xad, 'soft hyphen'],
  [0x34f, 'combining grapheme joiner'],
  [0x61c, 'Arabic letter mark'],
  [0x115f, 'Hangul filler'],
  [0x1160, 'Hangul filler'],
  [0x1680, 'Ogham space'],
  [0x180e, 'Mongolian vowel separator'],
  [0x200b, 'zero-width space'],
  [0x200c, 'zero-width non-joiner'],
  [0x200d, 'zero-width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'end of directional formatting'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x202f, 'narrow no-break space'],
  [0x205f, 'mathematical space'],
  [0x2060, 'word joiner'],
  [0x2061, 'invisible function application'],
  [0x2062, 'invisible times'],
  [0x2063, 'invisible separator'],
  [0x2064, 'invisible plus'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'end of isolate'],
  [0x2800, 'blank Braille pattern'],
  [0x3000, 'ideographic space'],
  [0x3164, 'Hangul filler'],
  [0xfeff, 'byte order mark'],
  [0xffa0, 'Hangul filler'],
]);

/** What an invisible character is, in a few words. */
export function nameOfInvisible(codepoint: number): string {
  const known = NAMES.get(codepoint);
  if (known !== undefined) return known;
  if (codepoint >= 0xe0020 && codepoint <= 0xe007e) {
    return `tag character that hides “${String.fromCharCode(codepoint - 0xe0000)}”`;
  }
  if (codepoint >= 0xd800 && codepoint <= 0xdfff) return 'half of a surrogate pair';
  const character = String.fromCodePoint(codepoint);
  if (/\p{Cc}/u.test(character)) return 'control character';
  if (/\p{Zs}/u.test(character)) return 'space of another width';
  if (/\p{Variation_Selector}/u.test(character)) return 'variation selector';
  if (/\p{Co}/u.test(character)) return 'private-use character';
  if (/\p{Cn}/u.test(character)) return 'unassigned character';
  return 'invisible character';
}
