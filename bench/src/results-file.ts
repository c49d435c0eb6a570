import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.js';
import type { MachineFacts } from './machine-facts.js';

const FOLDER = fileURLToPath(new URL('../results/', import.meta.url));

export interface Results {
  /** RFC 3339 */
  at: string;
  before: MachineFacts;
  after: MachineFacts;
  /** Suites that did not run to their end. */
  failed: string[];
  results: Readonly<Record<string, Figure[]>>;
}

/** Writes `bench/results/<date>.json` and returns its path. */
export async function writeResults(results: Results): Promise<string> {
  const file = join(FOLDER, `${results.at.replace(/[:.]/g, '-')}.json`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}
