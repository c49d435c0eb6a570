import { existsSync, readFileSync } from 'node:fs';
import { ConfigurationError, loadConfig } from '@expacti/platform';
import { CLIENT_VARIABLES, Configuration } from './configuration.js';
import { startServer } from './standalone-server.js';

const DEFAULT_FILE = 'config.toml';

export interface ServeOptions {
  /** Otherwise `EXPACTI_CONFIG`, otherwise `config.toml` in the working folder where it exists. */
  configFile?: string | undefined;
  /** Settings from the command line, by their name in the file. */
  overrides?: Readonly<Record<string, string>> | undefined;
}

/** Reads and checks the configuration. Throws ConfigurationError naming what is wrong. */
export function readConfiguration({ configFile, overrides }: ServeOptions): Configuration {
  const named = configFile ?? process.env.EXPACTI_CONFIG;
  const name = named ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const file = name === undefined ? undefined : { name, text: readConfigurationFile(name) };
  return loadConfig(
    Configuration,
    { environment: process.env, ...(file && { file }), ...(overrides && { overrides }) },
    CLIENT_VARIABLES,
  );
}

function readConfigurationFile(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${name} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Runs the server until it is told to stop (SIGTERM, SIGINT). */
export async function serve(options: ServeOptions = {}): Promise<void> {
  // From the beginning: who is told to stop while it starts comes to an orderly end, too.
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const server = await startServer(readConfiguration(options));
  process.stdout.write(`expacti listens on ${server.url} (dashboard: ${server.url}/app)\n`);
  if (server.setupUrl) process.stdout.write(`Make the first owner here (the link works once):\n  ${server.setupUrl}\n`);
  await told;
  await server.close();
}
