import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import { allowGlobs, commandRequest, NOW, snapshotOf } from './rule-fixtures.contract-test.js';

interface HiddenCommand {
  shape: string;
  source: string;
}

const corpus = new URL('../../shell/corpus/hidden-command.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(corpus, 'utf8')) as { cases: HiddenCommand[] };

/** Rules as permissive as an author could write them for every harmless head of the corpus. */
const HEADS = `echo ls cat git read printf sort sed awk find xargs env true uniq seq bash sh perl python3 ed exec timeout nohup
  declare test command builtin hash alias shopt cd tee head tail grep watch time x q a .`;
const snapshot = snapshotOf(
  allowGlobs(
    ...HEADS.split(/\s+/).flatMap((head) => [head, `${head} *`, `${head} **`]),
    'git log **',
    'sh -c *',
    'bash -c *',
    'xargs -n1 *',
    'xargs -I{} *',
    'env bash -c *',
    '[[ **',
    'X=* echo **',
    "x='*' echo **",
  ),
);

describe('a second command hidden in a harmless one', () => {
  it.each(cases)('is not allowed: $shape', ({ source }) => {
    const decision = decide(snapshot, commandRequest(source), NOW);
    expect(decision.verdict).toBe('review');
    expect(decision.reasons).not.toEqual([]);
  });
});
