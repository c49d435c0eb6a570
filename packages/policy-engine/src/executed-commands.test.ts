import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import { allowGlobs, commandRequest, NOW, snapshotOf } from './rule-fixtures.contract-test.js';

interface ExecutedLine {
  source: string;
  /** Argument lists that bash and dash really executed; null where that was not recorded. */
  bash_ran: string[][] | null;
  dash_ran: string[][] | null;
}

const corpus = new URL('../../shell/corpus/shell.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(corpus, 'utf8')) as { cases: ExecutedLine[] };
const programs = new Set(
  cases.flatMap(({ bash_ran, dash_ran }) => [...(bash_ran ?? []), ...(dash_ran ?? [])].map(([name]) => name ?? '')),
);
const harmless = [...programs].filter((name) => name !== 'evil' && /^[\w./-]+$/.test(name));
const snapshot = snapshotOf(allowGlobs(...harmless.flatMap((name) => [name, `${name} **`])));

describe('lines whose commands were recorded as real shells executed them', () => {
  it('are never allowed where a command ran that no rule allows', () => {
    const allowed = cases.filter(({ source }) => decide(snapshot, commandRequest(source), NOW).verdict === 'allow');
    const ranEvil = allowed.filter(({ bash_ran, dash_ran }) =>
      [...(bash_ran ?? []), ...(dash_ran ?? [])].some(([name]) => name === 'evil'),
    );
    expect(ranEvil.map(({ source }) => source)).toEqual([]);
    expect(allowed.length).toBeGreaterThan(15);
  });
});
