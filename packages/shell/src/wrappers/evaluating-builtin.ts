import type { Shell, Word } from '../analysis.js';
import { codeInWord, codeInWords, type Inner, type Opened } from './opened.js';

const READS_A_FILE = 'It runs the commands of a file.';

/**
 * Opens builtins that run code from their arguments, so that deny rules and the reviewer see it. They are never
 * patternable, so that no part of them counts as a wrapper's own words.
 */
export function openEvaluatingBuiltin(name: string, words: Word[], shell: Shell): Opened | null {
  const rest = words.slice(1);
  switch (name) {
    case 'eval':
      return evaluated(rest.length === 0 ? [] : [codeInWords(withoutDashes(rest), shell)], []);
    case 'trap': {
      const handler = withoutDashes(rest)[0];
      return evaluated(handler === undefined ? [] : [codeInWord(handler, shell)], []);
    }
    case '.':
    case 'source':
      return evaluated([], [READS_A_FILE]);
    case 'alias':
    case 'abbr':
      return evaluated(aliasBodies(rest, shell), ['It changes what a later name means.']);
    case 'mapfile':
    case 'readarray':
    case 'compgen':
    case 'complete':
      return evaluated([...optionCode(rest, 'C', shell), ...hiddenCode(rest, shell)], [HIDDEN]);
    case 'jobs': {
      const at = rest.findIndex((word) => /^-.*x/.test(word.literal ?? '-x'));
      if (at < 0) return null;
      return evaluated([{ kind: 'words', words: rest.slice(at + 1), assignments: [] }], []);
    }
    default:
      return evaluated(hiddenCode(rest, shell), [HIDDEN]);
  }
}

const HIDDEN = 'It may run code hidden in its arguments.';

function evaluated(inner: Inner[], unknown: string[]): Opened {
  const exact = inner.every((piece) => piece.kind === 'words' || piece.exact);
  return { own: null, inner, unknown: exact ? unknown : [...unknown, 'The code it runs is not literal.'] };
}

function withoutDashes(words: Word[]): Word[] {
  return words[0]?.literal === '--' ? words.slice(1) : words;
}

function aliasBodies(words: Word[], shell: Shell): Inner[] {
  return words.flatMap((word) => {
    const equals = word.literal?.indexOf('=') ?? -1;
    if (word.literal === null || equals < 0) return [];
    return [{ kind: 'code', source: word.literal.slice(equals + 1), shell, exact: true } satisfies Inner];
  });
}

function optionCode(words: Word[], letter: string, shell: Shell): Inner[] {
  return words.flatMap((word, index) => {
    const literal = word.literal ?? '';
    const at = literal.startsWith('-') ? literal.indexOf(letter) : -1;
    if (at < 0) return [];
    const attached = literal.slice(at + 1);
    const value = attached === '' ? words[index + 1] : { ...word, literal: attached, text: attached };
    return value === undefined ? [] : [codeInWord(value, shell)];
  });
}

/** Substitutions inside quoted arguments (`unset 'a[$(x)]'`) that the builtin would expand itself. */
function hiddenCode(words: Word[], shell: Shell): Inner[] {
  return words.flatMap((word) => {
    const literal = word.literal;
    if (literal === null || !/\$\(|`|[<>]\(/.test(literal)) return [];
    const quoted = literal.replace(/["\\]/g, '\\$&');
    return [{ kind: 'code', source: `: "${quoted}"`, shell, exact: true } satisfies Inner];
  });
}
