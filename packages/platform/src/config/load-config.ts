import { parse } from 'smol-toml';
import type { z } from 'zod';

/** A configuration that cannot be used. The message names each wrong key and says what it should be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export interface ConfigSources {
  /** Text of `config.toml`, and its name for messages. */
  file?: { name: string; text: string };
  /** `EXPACTI_PORT=…`; two underscores go a table down: `EXPACTI_LIMITS__PENDING`. */
  environment: Readonly<Record<string, string | undefined>>;
  /** What the command line says; wins over everything. */
  overrides?: Readonly<Record<string, string>>;
}

type Table = Record<string, unknown>;
const PREFIX = 'EXPACTI_';

/**
 * Raw → defaults → checked, once, at start-up. Unknown keys are errors: a misspelt setting would silently keep its
 * default.
 * @param ignoredVariables EXPACTI_ variables that other programs read (tokens of clients, say)
 */
export function loadConfig<T extends z.ZodType>(
  schema: T,
  sources: ConfigSources,
  ignoredVariables: readonly string[] = [],
): z.infer<T> {
  const raw: Table = sources.file ? parseFile(sources.file) : {};
  for (const [name, value] of Object.entries(sources.environment)) {
    if (!name.startsWith(PREFIX) || value === undefined || ignoredVariables.includes(name)) continue;
    place(raw, name.slice(PREFIX.length).toLowerCase().split('__'), value, name);
  }
  for (const [name, value] of Object.entries(sources.overrides ?? {})) place(raw, name.split('.'), value, `--${name}`);
  const outcome = schema.safeParse(raw);
  if (outcome.success) return outcome.data;
  throw new ConfigurationError(`The configuration cannot be used:\n${outcome.error.issues.map(describe).join('\n')}`);
}

function parseFile(file: { name: string; text: string }): Table {
  try {
    return parse(file.text) as Table;
  } catch (error) {
    throw new ConfigurationError(`${file.name} is not valid TOML: ${error instanceof Error ? error.message : error}`);
  }
}

function place(table: Table, path: string[], value: string, source: string): void {
  let inner = table;
  for (const key of path.slice(0, -1)) {
    const next = inner[key] ?? {};
    if (typeof next !== 'object') throw new ConfigurationError(`${source}: ${key} is not a table`);
    inner[key] = next;
    inner = next as Table;
  }
  inner[path.at(-1) ?? ''] = value;
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `  ${path ? `${path}.` : ''}${key}: there is no such setting`).join('\n');
  return `  ${path}: ${issue.message}`;
}
