import { join } from 'node:path';
import { type Child, eventually, startPostgres, startTypeScript, temporaryFolder } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';

const worker = new URL('../../fixtures/job-worker.ts', import.meta.url);

const numbers = (lines: readonly string[], verb: string): number[] =>
  lines.filter((line) => line.startsWith(`${verb} `)).map((line) => Number(line.slice(verb.length + 1)));

/** Runs a worker until the condition holds, and kills it wherever it is then. */
async function runUntil(child: Child, condition: (lines: readonly string[]) => boolean): Promise<readonly string[]> {
  try {
    await eventually(() => condition(child.lines) || child.exit !== undefined, 'the worker', 60_000);
    if (child.exit !== undefined) throw new Error(`The worker ended by itself:\n${child.output}`);
  } finally {
    await child.kill();
  }
  return child.lines;
}

describe('the embedded scheduler under kill -9', () => {
  it('runs every promised job at least once, on SQLite', async () => {
    const folder = temporaryFolder('expacti-kill');
    await runEveryPromisedJob(`sqlite:${join(folder.path, 'jobs.db')}`, 4);
    folder.remove();
  }, 180_000);

  it('runs every promised job at least once, on PostgreSQL', async () => {
    const server = await startPostgres();
    await runEveryPromisedJob(await server.createDatabase(), 2).finally(() => server.stop());
  }, 180_000);
});

async function runEveryPromisedJob(url: string, rounds: number): Promise<void> {
  const promised: number[] = [];
  const ran = new Set<number>();
  for (let round = 0; round < rounds; round += 1) {
    const enough = (lines: readonly string[]) => numbers(lines, 'promised').length >= 60 + round * 31;
    const lines = await runUntil(startTypeScript(worker, [url, String(round * 1_000_000)]), enough);
    promised.push(...numbers(lines, 'promised'));
    for (const number of numbers(lines, 'ran')) ran.add(number);
  }
  const left = promised.filter((number) => !ran.has(number));
  expect(left.length).toBeGreaterThan(0);
  await runUntil(startTypeScript(worker, [url, '0', 'drain']), (lines) => {
    for (const number of numbers(lines, 'ran')) ran.add(number);
    return left.every((number) => ran.has(number));
  });
  expect(promised.filter((number) => !ran.has(number))).toEqual([]);
}
