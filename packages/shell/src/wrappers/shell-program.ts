import type { Shell, Word } from '../analysis.js';
import { codeInWord, type Inner, type Opened } from './opened.js';

const VALUE_LONG_OPTIONS = new Set(['--rcfile', '--init-file', '--emulate', '--features', '--profile', '--debug']);
const READS_STANDARD_INPUT = 'The shell reads its commands from standard input.';

/**
 * Opens `sh -c 'code'` and its kin: combined flags (`-xec`), options between `-c` and the code, `-o name`. A script file
 * counts as a command of its own. Without either the shell reads standard input; `standardInput` is that text where the line spells it out.
 */
export function openShellProgram(words: Word[], shell: Shell, standardInput: string | null): Opened {
  const options = readShellOptions(words, shell);
  if (options.doubt !== null) return { own: null, inner: options.inner, unknown: [options.doubt] };
  const operand = words[options.next];
  if (shell === 'fish' && words.slice(options.next + 1).some((word) => !/^[^-]/.test(word.literal ?? '-'))) {
    // fish takes options behind operands, and runs each `-c`.
    options.doubt = 'fish may take a later word for an option.';
  }
  if (options.command) {
    if (operand === undefined) return { own: null, inner: options.inner, unknown: [] };
    const own = [...words.slice(0, options.next), ...words.slice(options.next + 1)];
    const opened = withCode(own, [...options.inner, codeInWord(operand, shell)]);
    if (options.doubt !== null) opened.unknown.push(options.doubt);
    // dash goes on with standard input when the code has run (`sh -cs`); the others ignore the `s`.
    if (options.standardInput) opened.unknown.push(READS_STANDARD_INPUT);
    return opened;
  }
  if (options.inner.length > 0) return withCode(words, options.inner);
  if (
    operand !== undefined &&
    !options.standardInput &&
    !/^(?:-|\/dev\/(?:stdin|fd\/.*))$/.test(operand.literal ?? '-')
  ) {
    // The file is run as a script, with the words behind it as its arguments.
    const script: Inner = {
      kind: 'words',
      words: [scriptFile(operand), ...words.slice(options.next + 1)],
      assignments: [],
    };
    return {
      own: words.slice(0, options.next),
      inner: [script],
      unknown: options.doubt === null ? [] : [options.doubt],
    };
  }
  const inner: Inner[] = standardInput === null ? [] : [{ kind: 'code', source: standardInput, shell, exact: true }];
  return { own: null, inner, unknown: [READS_STANDARD_INPUT] };
}

/**
 * The operand of a shell names a file of the working directory, and only where there is none a program of `PATH`: `bash ls`
 * runs `./ls`, and nothing that holds for the program `ls` holds for it.
 */
function scriptFile(operand: Word): Word {
  const { literal } = operand;
  if (literal === null || literal.includes('/')) return operand;
  return { ...operand, text: `./${operand.text}`, literal: `./${literal}` };
}

function withCode(own: Word[], inner: Inner[]): Opened {
  const exact = inner.every((piece) => piece.kind === 'code' && piece.exact);
  return { own, inner, unknown: exact ? [] : ['The code given to the shell is not literal.'] };
}

interface ShellOptions {
  next: number;
  command: boolean;
  standardInput: boolean;
  /** Code in attached values (`fish --command=…`). */
  inner: Inner[];
  doubt: string | null;
}

function readShellOptions(words: readonly Word[], shell: Shell): ShellOptions {
  const options: ShellOptions = { next: 1, command: false, standardInput: false, inner: [], doubt: null };
  for (; options.next < words.length; options.next++) {
    const word = words[options.next];
    if (word === undefined) break;
    const literal = word.literal;
    if (literal === null) {
      // The code itself may be dynamic; anything before it may turn out to be an option.
      if (options.command) break;
      options.doubt = `\`${word.text}\` may be an option of the shell.`;
      return options;
    }
    if (literal === '--' || literal === '-') {
      options.next++;
      break;
    }
    if (literal.startsWith('--')) readLongOption(words, word, literal, shell, options);
    else if (/^[-+]./.test(literal)) readCluster(literal, shell, options);
    else break;
    if (options.doubt !== null) return options;
  }
  return options;
}

function readLongOption(
  words: readonly Word[],
  word: Word,
  literal: string,
  shell: Shell,
  options: ShellOptions,
): void {
  const [name = '', value] = splitOnce(literal);
  if (shell === 'fish' && /^--(?:c|i)/.test(name)) {
    const code = value === undefined ? words[++options.next] : { ...word, literal: value, text: value };
    if (code !== undefined) options.inner.push(codeInWord(code, shell));
    return;
  }
  if (
    /^--(?:norc|noprofile|posix|login|restricted|verbose|noediting|no-config|private|interactive|no-execute)$/.test(
      name,
    )
  )
    return;
  if (VALUE_LONG_OPTIONS.has(name)) {
    if (value === undefined) options.next++;
    return;
  }
  options.doubt = `The option \`${literal}\` of the shell is not known.`;
}

function readCluster(literal: string, shell: Shell, options: ShellOptions): void {
  if (shell === 'fish' && /[^cilnNPvhC]/.test(literal.slice(1))) {
    options.doubt = `The option \`${literal}\` of the shell is not known.`;
    return;
  }
  const values = literal.match(/[oO]/g)?.length ?? 0;
  if (literal.startsWith('-') && /[cC]/.test(shell === 'fish' ? literal : literal.replaceAll('C', '')))
    options.command = true;
  if (literal.includes('s')) options.standardInput = true;
  if (shell !== 'fish') options.next += values;
}

function splitOnce(literal: string): [string, string | undefined] {
  const equals = literal.indexOf('=');
  return equals < 0 ? [literal, undefined] : [literal.slice(0, equals), literal.slice(equals + 1)];
}
