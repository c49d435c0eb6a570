import type { Word, WordPart } from 'unbash';

/** The parser's own opinion on a word: its value after quote removal when every part is literal, else null. */
export function treeLiteral(word: Word): string | null {
  const parts = word.parts;
  if (parts === undefined) return word.value;
  for (const part of parts) if (!isLiteralPart(part)) return null;
  return word.value;
}

function isLiteralPart(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return true;
    case 'DoubleQuoted':
      return part.parts.every((child) => child.type === 'Literal');
    default:
      return false;
  }
}
