import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.js';
import { figureTable } from './figure-table.js';
import { machineFacts } from './machine-facts.js';
import { writeResults } from './results-file.js';
import { SUITES } from './suites.js';

const RUN_SUITE = fileURLToPath(new URL('./run-suite.js', import.meta.url));

/** `ONLY=gateway,startup` measures those suites alone. */
function wanted(): string[] {
  const only = process.env.ONLY?.split(',').map((name) => name.trim());
  const unknown = only?.find((name) => !Object.hasOwn(SUITES, name));
  if (unknown !== undefined) throw new Error(`ONLY: there is no '${unknown}', only ${Object.keys(SUITES).join(', ')}`);
  return only ?? Object.keys(SUITES);
}

function measure(suite: string): Promise<Figure[]> {
  process.stderr.write(`measuring ${suite} …\n`);
  return new Promise((resolve, reject) => {
    let figures: Figure[] | undefined;
    // The suites look at what the heap holds after a collection.
    const child = fork(RUN_SUITE, [suite], { execArgv: ['--expose-gc'] });
    child.once('message', (message) => {
      figures = message as Figure[];
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0 && figures) resolve(figures);
      else reject(new Error(`the suite '${suite}' ended with ${code}`));
    });
  });
}

const results: Record<string, Figure[]> = {};
const failed: string[] = [];
const before = machineFacts();
for (const suite of wanted()) {
  try {
    results[suite] = await measure(suite);
  } catch (error) {
    failed.push(suite);
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  }
}
process.stdout.write(figureTable(results));
const file = await writeResults({ at: new Date().toISOString(), before, after: machineFacts(), failed, results });
process.stdout.write(`\nwritten to ${file}\n`);
// A figure that misses its goal is news, not an error; a suite that did not run is.
if (failed.length > 0) process.exitCode = 1;
