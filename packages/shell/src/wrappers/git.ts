import type { Word } from '../analysis.js';
import { isCommandSetting } from '../data/git-settings.js';
import { codeInWord, codeInWords, type Inner, type Opened } from './opened.js';

/**
 * Opens the ways in which git runs a command spelled on its line: `-c alias.x='!command'`, settings that name a program,
 * `submodule foreach`, `bisect run`, `rebase --exec`. git's own words stay words.
 */
export function openGit(words: Word[]): Opened {
  const inner: Inner[] = [];
  const unknown: string[] = [];
  let subcommand = 1;
  for (; subcommand < words.length; subcommand++) {
    const literal = words[subcommand]?.literal;
    if (literal === undefined || literal === null || !literal.startsWith('-')) break;
    if (literal === '-c') openSetting(words[++subcommand], inner, unknown);
    else if (literal === '-C' || /^--(?:git-dir|work-tree|namespace|exec-path|super-prefix|attr-source)$/.test(literal))
      subcommand++;
    else if (literal.startsWith('--config-env')) unknown.push('A setting of git comes from the environment.');
  }
  openSubcommand(words, subcommand, inner);
  if (inner.some((piece) => piece.kind === 'code' && !piece.exact))
    unknown.push('A command given to git is not literal.');
  return inner.length > 0 || unknown.length > 0 ? { own: words, inner, unknown } : { own: null, inner, unknown };
}

function openSetting(word: Word | undefined, inner: Inner[], unknown: string[]): void {
  if (word === undefined) return;
  if (word.literal === null) {
    unknown.push(`The setting \`${word.text}\` is not literal.`);
    return;
  }
  const equals = word.literal.indexOf('=');
  const key = equals < 0 ? word.literal : word.literal.slice(0, equals);
  const value = equals < 0 ? '' : word.literal.slice(equals + 1);
  if (/^alias\./i.test(key)) {
    if (value.startsWith('!')) inner.push({ kind: 'code', source: value.slice(1), shell: 'sh', exact: true });
    else unknown.push('An alias of git is defined.');
  } else if (isCommandSetting(key)) {
    inner.push({ kind: 'code', source: value.replace(/^!/, ''), shell: 'sh', exact: true });
    unknown.push(`The setting \`${key}\` makes git run a program.`);
  }
}

function openSubcommand(words: Word[], at: number, inner: Inner[]): void {
  const name = words[at]?.literal;
  const rest = words.slice(at + 1);
  if (name === 'submodule') {
    const foreach = rest.findIndex((word) => word.literal === 'foreach');
    const command =
      foreach < 0 ? [] : rest.slice(foreach + 1).filter((word) => !/^--(?:quiet|recursive)$/.test(word.literal ?? ''));
    if (command.length > 0) inner.push(codeInWords(command, 'sh'));
  } else if (name === 'bisect' && rest[0]?.literal === 'run' && rest.length > 1) {
    inner.push({ kind: 'words', words: rest.slice(1), assignments: [] });
  } else if (name === 'rebase' || name === 'difftool') {
    openExecOption(rest, name === 'rebase' ? /^(?:-x|--exec)(?:=(.*))?$/s : /^(?:-x|--extcmd)(?:=(.*))?$/s, inner);
  }
}

function openExecOption(rest: Word[], option: RegExp, inner: Inner[]): void {
  for (const [index, word] of rest.entries()) {
    const literal = word.literal;
    if (literal === null) continue;
    const match = option.exec(literal) ?? /^-x(.+)$/s.exec(literal);
    if (match === null) continue;
    const value = match[1] === undefined ? rest[index + 1] : { ...word, literal: match[1], text: match[1] };
    if (value !== undefined) inner.push(codeInWord(value, 'sh'));
  }
}
