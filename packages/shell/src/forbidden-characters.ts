const PRINTABLE_ASCII = /^[\t\n\x20-\x7e]*$/;

/**
 * Control characters (tab and newline apart, carriage return included), invisible format characters, separators other
 * than the space, and halves of surrogate pairs. Shells, terminals and people disagree about what each of them means.
 */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Zs}]/u;

/** True for text of printable ASCII, tab and newline: nothing further needs to be asked about its characters. */
export function isPlainAscii(text: string): boolean {
  return PRINTABLE_ASCII.test(text);
}

/** The first character that makes a line unparseable, with its UTF-16 offset, or null. */
export function findForbiddenCharacter(text: string): { codepoint: number; offset: number } | null {
  let offset = 0;
  for (const character of text) {
    const allowed = character === '\t' || character === '\n' || character === ' ';
    if (!allowed && FORBIDDEN.test(character)) return { codepoint: character.codePointAt(0) ?? 0, offset };
    offset += character.length;
  }
  return null;
}

/** `U+202E` for a code point. */
export function codepointName(codepoint: number): string {
  return `U+${codepoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
