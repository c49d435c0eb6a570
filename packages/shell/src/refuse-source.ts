import { codepointName, findForbiddenCharacter, isPlainAscii } from './forbidden-characters.js';
import { MAX_SOURCE_LENGTH } from './limits.js';
import { isNestedTooDeeply } from './tree/parse-tree.js';

export interface Refusal {
  reason: string;
  /** True: not even a best-effort reading is tried. */
  unreadable: boolean;
}

/** Why a piece of source is unparseable before any grammar is asked, or null. */
export function refuseSource(source: string): Refusal | null {
  if (source.length > MAX_SOURCE_LENGTH) {
    return { reason: `It is longer than ${MAX_SOURCE_LENGTH} characters.`, unreadable: true };
  }
  if (isNestedTooDeeply(source)) return { reason: 'It is nested too deeply to be read.', unreadable: true };
  if (isPlainAscii(source)) return null;
  const found = findForbiddenCharacter(source);
  if (found === null) return null;
  const name = codepointName(found.codepoint);
  return {
    reason: `It contains the invisible or control character ${name} at offset ${found.offset}.`,
    unreadable: false,
  };
}
