import type { Shell } from '../analysis.js';
import { CODE_BUILTINS, CODE_BY_ARGUMENT, STATE_BUILTINS } from './builtins.js';
import { shellOfProgram } from './shells.js';
import { PREFIX_WRAPPERS, type PrefixWrapper } from './wrappers.js';

/** How a program that runs others is opened; each has a module of its own in `wrappers/`. */
export type WrapperKind =
  | { kind: 'prefix'; wrapper: PrefixWrapper }
  | { kind: 'env'; wrapper: PrefixWrapper }
  | { kind: 'shell'; shell: Shell }
  | {
      kind:
        | 'foreign-shell'
        | 'find'
        | 'fd'
        | 'xargs'
        | 'parallel'
        | 'ssh'
        | 'su'
        | 'script'
        | 'sg'
        | 'flock'
        | 'git'
        | 'deferred';
    };

/** What is known about a program by its name. */
export interface ProgramFacts {
  wrapper: WrapperKind | null;
  codeBuiltin: boolean;
  codeByArgument: ((operands: readonly string[]) => boolean) | null;
  stateBuiltin: boolean;
}

const SPECIAL_WRAPPERS: readonly (readonly [
  string,
  WrapperKind['kind'] &
    ('find' | 'fd' | 'xargs' | 'parallel' | 'ssh' | 'su' | 'script' | 'sg' | 'flock' | 'git' | 'deferred'),
])[] = [
  ['find', 'find'],
  ['gfind', 'find'],
  ['fd', 'fd'],
  ['fdfind', 'fd'],
  ['xargs', 'xargs'],
  ['gxargs', 'xargs'],
  ['parallel', 'parallel'],
  ['sem', 'parallel'],
  ['rush', 'parallel'],
  ['ssh', 'ssh'],
  ['autossh', 'deferred'],
  ['mosh', 'deferred'],
  ['su', 'su'],
  ['runuser', 'su'],
  ['script', 'script'],
  ['sg', 'sg'],
  ['flock', 'flock'],
  ['git', 'git'],
  // What these run comes from standard input, from a file, or in a form of their own.
  ['at', 'deferred'],
  ['batch', 'deferred'],
  ['newgrp', 'deferred'],
  ['chpst', 'deferred'],
  ['setpriv', 'deferred'],
  ['capsh', 'deferred'],
  ['bwrap', 'deferred'],
  ['firejail', 'deferred'],
  ['valgrind', 'deferred'],
  ['machinectl', 'deferred'],
];

/** Loaders that run the program named in their words: `/lib64/ld-linux-x86-64.so.2 /bin/rm`. */
const LOADER = /^(?:ld-linux.*|ld-musl.*|ld)\.so[.\d]*$/;
const LOADER_WRAPPER: PrefixWrapper = {
  flags: '',
  values: '',
  longFlags: 'verify inhibit-cache list-diagnostics',
  longValues: 'library-path inhibit-rpath audit preload argv0 glibc-hwcaps-prepend glibc-hwcaps-mask',
};

const PLAIN_NAME = /^[a-z_:[.+-]+$/;

const facts = new Map<string, ProgramFacts>();
for (const name of CODE_BUILTINS) factsOf(name).codeBuiltin = true;
for (const [name, test] of CODE_BY_ARGUMENT) factsOf(name).codeByArgument = test;
for (const name of STATE_BUILTINS) factsOf(name).stateBuiltin = true;
for (const [name, wrapper] of PREFIX_WRAPPERS)
  factsOf(name).wrapper = { kind: name === 'env' ? 'env' : 'prefix', wrapper };
for (const [name, kind] of SPECIAL_WRAPPERS) factsOf(name).wrapper = { kind };

function factsOf(name: string): ProgramFacts {
  let known = facts.get(name);
  if (known === undefined) {
    known = { wrapper: null, codeBuiltin: false, codeByArgument: null, stateBuiltin: false };
    facts.set(name, known);
  }
  return known;
}

/** The last part of a program's path. */
export function baseName(program: string): string {
  const slash = program.lastIndexOf('/');
  return slash < 0 ? program : program.slice(slash + 1);
}

/**
 * What is known about a program by its base name; null for one that is nothing special. Letter case and a version at
 * the end are ignored (`SUDO` runs sudo on a file system that ignores case).
 */
export function programFacts(name: string): ProgramFacts | null {
  const known = facts.get(name);
  if (known !== undefined) return known;
  if (PLAIN_NAME.test(name) && !name.includes('sh')) return null;
  const found = lookUpOddName(name);
  return found;
}

function lookUpOddName(name: string): ProgramFacts | null {
  const lower = name.toLowerCase();
  const known = facts.get(lower) ?? facts.get(lower.replace(/[-.]?\d[\d.]*$/, ''));
  if (known !== undefined) return known;
  const shell = shellOfProgram(lower);
  const wrapper: WrapperKind | null =
    shell === null
      ? LOADER.test(lower)
        ? { kind: 'prefix', wrapper: LOADER_WRAPPER }
        : null
      : shell === 'foreign'
        ? { kind: 'foreign-shell' }
        : { kind: 'shell', shell };
  if (wrapper !== null) return { wrapper, codeBuiltin: false, codeByArgument: null, stateBuiltin: false };
  // A job specification in the place of a command resumes that job.
  return name.startsWith('%') ? { wrapper: null, codeBuiltin: false, codeByArgument: null, stateBuiltin: true } : null;
}
