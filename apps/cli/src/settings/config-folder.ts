import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { CliContext } from '../context.js';

/** A folder of the XDG base directory specification; relative values are ignored, as it asks. */
function baseFolder(context: CliContext, variable: string, fallback: string): string {
  const value = context.environment[variable];
  const home = context.environment.HOME ?? homedir();
  return join(value !== undefined && isAbsolute(value) ? value : join(home, fallback), 'expacti');
}

export const credentialsPath = (context: CliContext): string =>
  join(baseFolder(context, 'XDG_CONFIG_HOME', '.config'), 'credentials.json');

export const historyPath = (context: CliContext): string =>
  join(baseFolder(context, 'XDG_STATE_HOME', '.local/state'), 'shell-history');
