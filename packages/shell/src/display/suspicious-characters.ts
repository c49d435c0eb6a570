import { nameOfInvisible } from '../data/character-names.js';
import { lookalike } from '../data/confusable-characters.js';
import { codepointName, isPlainAscii } from '../forbidden-characters.js';

/** A character that a reader would not see, or would take for another one. */
export interface SuspiciousCharacter {
  kind: 'invisible' | 'lookalike';
  /** UTF-16 offset and length in the text. */
  start: number;
  length: number;
  codepoint: number;
  /** For the reviewer: what it is, or what it looks like. */
  label: string;
}

const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}⠀]/u;
const LETTER = /\p{L}/u;
const DASH_BEFORE_OPTION = /(?<![^\s=])[‒–—―](?=[\p{L}‒–—―-])/gu;
const OPENING_QUOTE = /(?<![^\s=(])[“”„‟‘’‚‛«»]/gu;

/** Every suspicious character of a text in order; newline and tab count as invisible here. */
export function findSuspiciousCharacters(text: string): SuspiciousCharacter[] {
  if (isPlainAscii(text) && !/[\t\n]/.test(text)) return [];
  const found: SuspiciousCharacter[] = [];
  let offset = 0;
  let run: { start: number; text: string } | null = null;
  for (const character of text) {
    if (LETTER.test(character)) {
      if (run === null) run = { start: offset, text: '' };
      run.text += character;
    } else {
      if (run !== null) found.push(...lookalikesInRun(run.text, run.start));
      run = null;
      const suspect = judgeSign(character, offset);
      if (suspect !== null) found.push(suspect);
    }
    offset += character.length;
  }
  if (run !== null) found.push(...lookalikesInRun(run.text, run.start));
  for (const pattern of [DASH_BEFORE_OPTION, OPENING_QUOTE]) {
    for (const match of text.matchAll(pattern)) {
      const sign = pattern === DASH_BEFORE_OPTION ? '-' : /[“”„‟«»]/.test(match[0]) ? '"' : "'";
      found.push(lookalikeOf(match[0], match.index, sign));
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

function judgeSign(character: string, start: number): SuspiciousCharacter | null {
  if (character >= ' ' && character <= '~') return null;
  if (INVISIBLE.test(character)) return invisible(character, start);
  const similar = lookalike(character);
  return similar === null ? null : lookalikeOf(character, start, similar);
}

/**
 * Look-alikes within one run of letters. A run that mixes them with ASCII letters, or that consists of nothing else,
 * can pass for an ASCII word; one with other letters of its script (a Russian or Greek word) cannot.
 */
function lookalikesInRun(run: string, start: number): SuspiciousCharacter[] {
  if (isPlainAscii(run)) return [];
  const found: SuspiciousCharacter[] = [];
  let ascii = false;
  let foreign = false;
  let offset = start;
  for (const character of run) {
    if (INVISIBLE.test(character)) found.push(invisible(character, offset));
    else if (/[a-zA-Z]/.test(character)) ascii = true;
    else {
      const similar = lookalike(character);
      if (similar === null) foreign = true;
      else found.push(lookalikeOf(character, offset, similar));
    }
    offset += character.length;
  }
  return ascii || !foreign ? found : found.filter(({ kind }) => kind === 'invisible');
}

function invisible(character: string, start: number): SuspiciousCharacter {
  const codepoint = character.codePointAt(0) ?? 0;
  return { kind: 'invisible', start, length: character.length, codepoint, label: nameOfInvisible(codepoint) };
}

function lookalikeOf(character: string, start: number, similar: string): SuspiciousCharacter {
  const codepoint = character.codePointAt(0) ?? 0;
  const label = `${codepointName(codepoint)}, looks like “${similar}”`;
  return { kind: 'lookalike', start, length: character.length, codepoint, label };
}

/** Whether a text holds characters that a reader would not see or would take for others; newline and tab do not count. */
export function hasHiddenCharacters(text: string): boolean {
  if (isPlainAscii(text)) return false;
  return findSuspiciousCharacters(text).some(({ codepoint }) => codepoint !== 0x0a && codepoint !== 0x09);
}
