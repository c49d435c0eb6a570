import type { Word } from '../analysis.js';
import { isCommandSetting } from '../data/git-settings.js';
import { codeInWord, codeInWords, type Inner, type Opened, ownWords } from './opened.js';

const OPTION_WITH_VALUE = /^(?:-C|--(?:git-dir|work-tree|namespace|super-prefix|attr-source))$/;
const REBASE_EXEC = /^(?:-x|--exec)(?:=(.*))?$/s;
const DIFFTOOL_EXEC = /^(?:-x|--extcmd)(?:=(.*))?$/s;

/**
 * Opens the ways in which git runs a command spelled on its line: `-c alias.x='!command'`, settings that name a program,
 * `submodule foreach`, `bisect run`, `rebase --exec`. git's own words stay words.
 */
export function openGit(words: Word[]): Opened {
  return new GitOpener(words).open();
}

class GitOpener {
  private readonly inner: Inner[] = [];
  private readonly inside: Word[] = [];
  private readonly unknown: string[] = [];

  constructor(private readonly words: Word[]) {}

  open(): Opened {
    const { words, inner, unknown } = this;
    let at = 1;
    for (; at < words.length; at++) {
      const literal = words[at]?.literal;
      if (literal === undefined || literal === null || !literal.startsWith('-')) break;
      if (literal === '-c') this.setting(words[++at]);
      else if (OPTION_WITH_VALUE.test(literal)) at++;
      else if (literal.startsWith('--config-env')) unknown.push('A setting of git comes from the environment.');
      else if (literal.startsWith('--exec-path=')) unknown.push('git is told where to look for its programs.');
    }
    this.subcommand(at);
    if (inner.some((piece) => piece.kind === 'code' && !piece.exact))
      unknown.push('A command given to git is not literal.');
    const own = inner.length > 0 || unknown.length > 0 ? ownWords(words, this.inside) : null;
    return { own, inner, unknown };
  }

  private setting(word: Word | undefined): void {
    if (word === undefined) return;
    if (word.literal === null) {
      this.unknown.push(`The setting \`${word.text}\` is not literal.`);
      return;
    }
    const equals = word.literal.indexOf('=');
    const key = equals < 0 ? word.literal : word.literal.slice(0, equals);
    const value = equals < 0 ? '' : word.literal.slice(equals + 1);
    if (/^alias\./i.test(key)) {
      if (value.startsWith('!')) this.inner.push({ kind: 'code', source: value.slice(1), shell: 'sh', exact: true });
      else this.unknown.push('An alias of git is defined.');
    } else if (isCommandSetting(key)) {
      this.inner.push({ kind: 'code', source: value.replace(/^!/, ''), shell: 'sh', exact: true });
      this.unknown.push(`The setting \`${key}\` makes git run a program.`);
    }
  }

  private subcommand(at: number): void {
    const name = this.words[at]?.literal;
    const rest = this.words.slice(at + 1);
    if (name === 'submodule') {
      const foreach = rest.findIndex((word) => word.literal === 'foreach');
      if (foreach < 0) return;
      const command = rest.slice(foreach + 1).filter((word) => !/^--(?:quiet|recursive)$/.test(word.literal ?? ''));
      if (command.length > 0) this.add(command, codeInWords(command, 'sh'));
    } else if (name === 'bisect' && rest[0]?.literal === 'run') {
      if (rest.length > 1) this.add(rest.slice(1), { kind: 'words', words: rest.slice(1), assignments: [] });
    } else if (name === 'rebase' || name === 'difftool') {
      this.execOption(rest, name === 'rebase' ? REBASE_EXEC : DIFFTOOL_EXEC);
    }
  }

  private execOption(rest: Word[], option: RegExp): void {
    for (const [index, word] of rest.entries()) {
      const match = word.literal === null ? null : (option.exec(word.literal) ?? /^-x(.+)$/s.exec(word.literal));
      if (match === null) continue;
      const value = match[1] === undefined ? rest[index + 1] : { ...word, literal: match[1], text: match[1] };
      if (value !== undefined) this.add([value], codeInWord(value, 'sh'));
    }
  }

  private add(words: Word[], inner: Inner): void {
    this.inside.push(...words);
    this.inner.push(inner);
  }
}
