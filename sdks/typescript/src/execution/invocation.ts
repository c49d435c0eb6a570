import { ExpactiInvalid } from '../errors.js';
import type { Shell } from '../wire/types.js';
import { literalArgv } from './literal-argv.js';

/** A program and its parameters, started without any further interpretation. */
export interface Invocation {
  program: string;
  parameters: string[];
  /** False when the command runs as argv, with no shell in between. */
  throughShell: boolean;
}

/** Parameters that keep start-up files out; `--` because a command may begin with a dash. */
const SHELL_PARAMETERS: Record<Shell, readonly string[]> = {
  bash: ['--noprofile', '--norc', '-c', '--'],
  sh: ['-c', '--'],
  dash: ['-c', '--'],
  zsh: ['-f', '-c', '--'],
  fish: ['--no-config', '-c'],
};

/**
 * How an approved text is started: as argv where that means the same, else by the approved shell.
 * @throws ExpactiInvalid for a text that no process can be given.
 */
export function invocationOf(command: string, shell: Shell): Invocation {
  if (command.includes('\0')) throw new ExpactiInvalid('A command with a NUL character cannot run.', 'COMMAND_INVALID');
  const posix = shell === 'bash' || shell === 'sh' || shell === 'dash';
  const argv = posix ? literalArgv(command) : null;
  if (argv) {
    const [program, ...parameters] = argv;
    return { program, parameters, throughShell: false };
  }
  return { program: shell, parameters: [...SHELL_PARAMETERS[shell], command], throughShell: true };
}
