import type { Word } from '../analysis.js';
import { type Inner, type Opened, placeholder } from './opened.js';

const EXECUTING = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** Opens `find … -exec command {} ;` (and `-execdir`, `-ok`, `-okdir`, `+`): words that hold `{}` are filled in later. */
export function openFind(words: Word[]): Opened {
  return openActions(words, (literal) => EXECUTING.has(literal), /^(?:;|\+)$/);
}

/** Opens `fd … -x command` and `-X`; without `{}` the file name is appended. */
export function openFd(words: Word[]): Opened {
  return openActions(words, (literal) => /^(?:-[a-zA-Z]*[xX]|--exec(?:-batch)?)$/.test(literal), /^;$/);
}

function openActions(words: Word[], executes: (literal: string) => boolean, end: RegExp): Opened {
  const own: Word[] = [];
  const inner: Inner[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    own.push(word);
    if (index === 0 || word.literal === null || !executes(word.literal)) continue;
    const command: Word[] = [];
    for (index++; index < words.length; index++) {
      const part = words[index];
      if (part === undefined) break;
      const last = part.literal !== null && end.test(part.literal);
      // `+` ends the command only directly behind `{}`.
      if (last && (part.literal !== '+' || words[index - 1]?.literal === '{}')) {
        own.push(part);
        break;
      }
      command.push(part.literal?.includes('{}') ? placeholder(part) : part);
    }
    inner.push({ kind: 'words', words: command, assignments: [] });
  }
  return inner.length === 0 ? { own: null, inner, unknown: [] } : { own, inner, unknown: [] };
}
