import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';

export interface ServeFlags {
  config?: string;
  set?: string[];
  port?: string;
  host?: string;
  dataDir?: string;
  eval?: boolean;
}

/** Settings of the command line, by their name in the configuration file. */
export function overridesOf(flags: ServeFlags): Record<string, string> {
  const named = { port: flags.port, host: flags.host, data_dir: flags.dataDir, eval: flags.eval ? 'true' : undefined };
  const overrides: Record<string, string> = {};
  for (const [name, value] of Object.entries(named)) if (value !== undefined) overrides[name] = value;
  for (const text of flags.set ?? []) {
    const [name, ...value] = text.split('=');
    if (!name || value.length === 0)
      throw new CliFailure(`--set ${text}: write it as name=value.`, EXIT.usage, 'USAGE');
    overrides[name] = value.join('=');
  }
  return overrides;
}

/** `expacti serve`: the whole server in this process, until it is told to stop. */
export async function serveCommand(flags: ServeFlags): Promise<number> {
  const overrides = overridesOf(flags);
  const { serve } = await import('@expacti/standalone');
  await serve({ configFile: flags.config, overrides });
  return EXIT.ok;
}
