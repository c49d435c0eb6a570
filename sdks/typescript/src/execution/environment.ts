import { isAbsolute } from 'node:path';
import { ExpactiInvalid } from '../errors.js';

export interface EnvironmentOptions {
  /** Names of variables to hand on from this process, besides PATH. Default: `INHERITED`. */
  inherit?: readonly string[];
  /** Variables to set. */
  set?: Readonly<Record<string, string>>;
}

/** Handed on by default: who and where one is, language, time zone, terminal. */
export const INHERITED: readonly string[] = [
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TERM',
  'TMPDIR',
];

const FALLBACK_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Variables through which a shell runs or changes code that nobody approved. */
const REFUSED = /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|ZDOTDIR|BASH_FUNC_.*)$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The environment that a command starts with: a PATH of absolute folders, and a short list of names. Everything else of
 * this process's environment stays behind, so that it cannot change what an approved text means.
 * @throws ExpactiInvalid when the options name a variable that would run code in the shell.
 */
export function cleanEnvironment(options: EnvironmentOptions, source: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = { PATH: absolutePath(source.PATH) };
  for (const name of options.inherit ?? INHERITED) {
    requireHarmless(name);
    const value = source[name];
    if (value !== undefined && name !== 'PATH') environment[name] = value;
  }
  for (const [name, value] of Object.entries(options.set ?? {})) {
    requireHarmless(name);
    environment[name] = value;
  }
  return environment;
}

/** A relative or empty entry would look for programs in the working directory. */
function absolutePath(path: string | undefined): string {
  return (path ?? '').split(':').filter(isAbsolute).join(':') || FALLBACK_PATH;
}

function requireHarmless(name: string): void {
  if (!NAME.test(name) || REFUSED.test(name)) {
    throw new ExpactiInvalid(
      `The environment variable ${JSON.stringify(name)} cannot be passed on.`,
      'ENVIRONMENT_INVALID',
    );
  }
}
