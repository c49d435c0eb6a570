import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.js';
import type { MachineFacts } from './machine-facts.js';
import type { MeasuredCosts } from './scale/measured-costs.js';

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
export const writeResults = (results: Results): Promise<string> => write(results.at, results);

/** Writes `bench/results/costs-<date>.json`, what the scale plan's model is fed with, and returns its path. */
export const writeCosts = (costs: MeasuredCosts): Promise<string> => write(`costs-${costs.measured_at}`, costs);

async function write(name: string, content: unknown): Promise<string> {
  const file = join(FOLDER, `${name.replace(/[:.]/g, '-')}.json`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}
