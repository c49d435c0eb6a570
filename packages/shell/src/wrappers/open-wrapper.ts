import type { Word } from '../analysis.js';
import type { WrapperKind } from '../data/programs.js';
import { openEnv } from './env.js';
import { openFd, openFind } from './find.js';
import { openFlock } from './flock.js';
import { openGit } from './git.js';
import type { Opened } from './opened.js';
import { openParallel } from './parallel.js';
import { openPrefix } from './prefix.js';
import { openSsh } from './remote.js';
import { openShellProgram } from './shell-program.js';
import { openScript, openSg, openSu } from './switch-user.js';
import { openXargs } from './xargs.js';

/**
 * Finds the commands that a wrapper would run.
 *
 * @param standardInput the text of a literal here-document that the command reads, or null
 */
export function openWrapper(wrapper: WrapperKind, words: Word[], standardInput: string | null): Opened {
  switch (wrapper.kind) {
    case 'prefix':
      return openPrefix(words, wrapper.wrapper);
    case 'env':
      return openEnv(words, wrapper.wrapper);
    case 'shell':
      return openShellProgram(words, wrapper.shell, standardInput);
    case 'foreign-shell':
      return { own: null, inner: [], unknown: ['It is a shell whose grammar is not understood.'] };
    case 'find':
      return openFind(words);
    case 'fd':
      return openFd(words);
    case 'xargs':
      return openXargs(words);
    case 'parallel':
      return openParallel(words);
    case 'ssh':
      return openSsh(words);
    case 'su':
      return openSu(words);
    case 'script':
      return openScript(words);
    case 'sg':
      return openSg(words);
    case 'flock':
      return openFlock(words);
    case 'git':
      return openGit(words);
    case 'deferred':
      return { own: null, inner: [], unknown: ['What it runs is not determined.'] };
  }
}
