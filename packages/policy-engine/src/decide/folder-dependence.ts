import type { Analysis, SimpleCommand } from '@expacti/shell';
import {
  FOLDER_INTERPRETERS,
  FOLDER_KEEPING_WRAPPERS,
  PROJECT_PROGRAMS,
  PROJECT_SUBCOMMANDS,
} from '../data/folder-bound-programs.js';
import { baseName, isRelativePath, unversionedName } from '../guard/program-name.js';

/** Options of folder-keeping or well-known wrappers that make them run their command in another folder, or at another root. */
const LEAVING_OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['env', /^(?:-[^-]*[CS]|--[cs])/],
  ['genv', /^(?:-[^-]*[CS]|--[cs])/],
  ['sudo', /^(?:-[^-]*[DRi]|--(?:chd|chr|l))/],
  ['sudo-rs', /^(?:-[^-]*[DRi]|--(?:chd|chr|l))/],
  ['su', /^(?:-[^-]*l|-$|--l)/],
  ['runuser', /^(?:-[^-]*l|-$|--l)/],
  ['find', /^-(?:exec|ok)dir$/],
  ['gfind', /^-(?:exec|ok)dir$/],
  ['fd', /^(?:-C|--b)/],
  ['fdfind', /^(?:-C|--b)/],
]);

/** Does what the line runs depend on the working directory (`./run`, `make`, `npm test`, `python3 -m job`)? */
export function dependsOnFolder(analysis: Analysis): boolean {
  return analysis.commands.some(commandDependsOnFolder);
}

/** The same for one command. What a wrapper runs is a command of its own. */
export function commandDependsOnFolder({ words, wrapperPrefix }: SimpleCommand): boolean {
  const program = words[0]?.literal ?? '';
  if (isRelativePath(program)) return true;
  return wrapperPrefix === null && findsItsCodeInFolder(program, (at) => words[at]?.literal, words.length);
}

/** As `commandDependsOnFolder`, for the words of a pattern: true where every line that it matches depends on the folder. */
export function wordsDependOnFolder(words: readonly (string | null)[]): boolean {
  const program = words[0] ?? '';
  if (isRelativePath(program)) return true;
  return !words.includes(null) || PROJECT_PROGRAMS.has(unversionedName(program))
    ? findsItsCodeInFolder(program, (at) => words[at], words.length)
    : false;
}

function findsItsCodeInFolder(
  program: string,
  wordAt: (at: number) => string | null | undefined,
  count: number,
): boolean {
  const name = unversionedName(program);
  if (PROJECT_PROGRAMS.has(name)) return true;
  if (FOLDER_INTERPRETERS.has(name)) {
    const first = wordAt(1) ?? '';
    return !first.startsWith('/') && !(count === 2 && (first === '--version' || first === '--help'));
  }
  const subcommands = PROJECT_SUBCOMMANDS.get(name);
  if (subcommands === undefined) return false;
  for (let at = 1; at < count; at++) {
    const word = wordAt(at) ?? null;
    if (word === null || subcommands.has(word)) return true;
  }
  return false;
}

/** May one of the wrappers around a command run it in another folder than the line's, or where paths mean something else? */
export function leavesFolder(command: SimpleCommand, commands: readonly SimpleCommand[]): boolean {
  for (let at = command.wrappedBy; at !== null; ) {
    const wrapper = commands[at];
    if (wrapper === undefined || !keepsFolder(wrapper)) return true;
    at = wrapper.wrappedBy;
  }
  return false;
}

function keepsFolder({ wrapperPrefix, words }: SimpleCommand): boolean {
  const own = wrapperPrefix ?? [];
  const program = baseName(words[0]?.literal ?? '');
  const leaving = LEAVING_OPTIONS.get(program);
  if (leaving !== undefined) return wrapperPrefix !== null && !own.some((word, at) => at > 0 && leaving.test(word));
  return FOLDER_KEEPING_WRAPPERS.has(program);
}
