import { codepointName } from '../forbidden-characters.js';
import { findSuspiciousCharacters, type SuspiciousCharacter } from './suspicious-characters.js';

/**
 * A piece of text that is safe to show. A `chip` stands for one character that would not be seen as what it is: show its
 * `text` set apart (a border, another colour), with `label` as its description.
 */
export type DisplayPiece =
  | { kind: 'text'; text: string }
  | { kind: 'chip'; text: string; label: string; codepoint: number };

/** Signs that chips are drawn with; where the text itself holds one it becomes a chip too, so that none can be faked. */
const RESERVED = /[⏎⇥⟨⟩]/gu;

/**
 * Cuts a text into pieces that can be shown without misleading anybody: control characters, bidirectional marks,
 * zero-width and other invisible characters, unusual spaces and look-alike letters become chips. A newline becomes a `⏎`
 * chip followed by a text piece with the line break itself; joined, the text pieces never hold another control character.
 */
export function escapeForDisplay(text: string): DisplayPiece[] {
  const pieces: DisplayPiece[] = [];
  let position = 0;
  for (const suspect of suspectsOf(text)) {
    if (suspect.start < position) continue;
    if (suspect.start > position) pieces.push({ kind: 'text', text: text.slice(position, suspect.start) });
    position = suspect.start + suspect.length;
    pieces.push(chip(suspect, text.slice(suspect.start, position)));
    if (suspect.codepoint === 0x0a) pieces.push({ kind: 'text', text: '\n' });
  }
  if (position < text.length) pieces.push({ kind: 'text', text: text.slice(position) });
  return pieces;
}

/**
 * The same for places that show plain text only (terminal, Slack, logs): `⟨U+202E⟩` for a chip, `⏎` and a line break for
 * a newline, `⇥` for a tab. Two different texts never escape to the same one.
 */
export function escapeText(text: string): string {
  return escapeForDisplay(text)
    .map((piece) => {
      if (piece.kind === 'text' || piece.text === '⏎' || piece.text === '⇥') return piece.text;
      return `⟨${codepointName(piece.codepoint)}⟩`;
    })
    .join('');
}

function suspectsOf(text: string): SuspiciousCharacter[] {
  const suspects = findSuspiciousCharacters(text);
  const reserved = [...text.matchAll(RESERVED)].map((match): SuspiciousCharacter => {
    const codepoint = match[0].codePointAt(0) ?? 0;
    return {
      kind: 'lookalike',
      start: match.index,
      length: 1,
      codepoint,
      label: `${codepointName(codepoint)}, a sign used for hidden characters`,
    };
  });
  return reserved.length === 0 ? suspects : [...suspects, ...reserved].sort((one, other) => one.start - other.start);
}

function chip(suspect: SuspiciousCharacter, character: string): DisplayPiece {
  const { codepoint, label } = suspect;
  if (codepoint === 0x0a) return { kind: 'chip', text: '⏎', label, codepoint };
  if (codepoint === 0x09) return { kind: 'chip', text: '⇥', label, codepoint };
  // A look-alike is visible: it is shown as it is, set apart. Chip signs themselves are spelled out.
  const visible = suspect.kind === 'lookalike' && !/[⏎⇥⟨⟩]/u.test(character);
  return { kind: 'chip', text: visible ? character : codepointName(codepoint), label, codepoint };
}
