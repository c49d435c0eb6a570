import type { OptionTable } from './option-table.js';

/** What an option word does with the word behind it; `takes-number`: it takes it where it is a number. */
export type OptionReading = 'alone' | 'takes-next' | 'takes-number' | 'unknown';

/** Reads one word that begins with a dash as the program of the table would. */
export function readOption(word: string, table: OptionTable): OptionReading {
  if (word.startsWith('--') || table.singleDash) return readNamedOption(word, table);
  if (table.numeric && /^-\d+$/.test(word)) return 'alone';
  return readLetters(word, table);
}

function readNamedOption(word: string, { options, singleDash }: OptionTable): OptionReading {
  const equals = word.indexOf('=');
  const kind = options.get(equals < 0 ? word : word.slice(0, equals));
  if (equals >= 0) {
    const takesAttached = kind !== undefined && kind !== 'flag' && (!singleDash || word.startsWith('--'));
    return takesAttached ? 'alone' : 'unknown';
  }
  switch (kind) {
    case undefined:
      return 'unknown';
    case 'valued':
      return 'takes-next';
    case 'optional-number':
      return 'takes-number';
    case 'flag':
    case 'optional':
      return 'alone';
  }
}

function readLetters(word: string, table: OptionTable): OptionReading {
  for (let at = 1; at < word.length; at++) {
    const isLast = at === word.length - 1;
    switch (table.options.get(`-${word[at]}`)) {
      case undefined:
        return 'unknown';
      case 'valued':
        if (isLast) return 'takes-next';
        return table.separateValues ? 'unknown' : 'alone';
      case 'optional':
        if (!isLast) return readAttachedNumber(word.slice(at + 1));
        break;
      case 'optional-number':
        return isLast ? 'takes-number' : readAttachedNumber(word.slice(at + 1));
      case 'flag':
        break;
    }
  }
  return 'alone';
}

/** Letters behind an optional value's option are its value for one version and options for another. */
const readAttachedNumber = (value: string): OptionReading => (/^\d[\d,.]*%?$/.test(value) ? 'alone' : 'unknown');
