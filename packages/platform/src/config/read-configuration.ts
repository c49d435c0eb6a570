import { existsSync, readFileSync } from 'node:fs';
import { CLIENT_VARIABLES, Configuration } from './configuration.js';
import { ConfigurationError, loadConfig } from './load-config.js';

const DEFAULT_FILE = 'config.toml';

export interface ConfigurationPlaces {
  /** Otherwise `EXPACTI_CONFIG`, otherwise `config.toml` in the working folder where it exists. */
  configFile?: string | undefined;
  /** Settings from the command line, by their name in the file. */
  overrides?: Readonly<Record<string, string>> | undefined;
}

/** Reads and checks the configuration. Throws ConfigurationError naming what is wrong. */
export function readConfiguration({ configFile, overrides }: ConfigurationPlaces = {}): Configuration {
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
