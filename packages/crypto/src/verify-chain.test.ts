import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Chained, chainEntry, entryHash, GENESIS_HASH, type Link, toWellFormed } from './hash-chain.js';
import { sha256Hex } from './sha256.js';
import { verifyChain } from './verify-chain.js';

type Entry = Chained<{ at: string; data: Record<string, unknown> }>;

function chain(length: number): Entry[] {
  const entries: Entry[] = [];
  for (let index = 0; index < length; index += 1) {
    const data = { é: index, b: [1.5, null], a: `text ${index}` };
    entries.push(chainEntry(entries.at(-1), { at: '2026-01-01T00:00:00.000Z', data }));
  }
  return entries;
}

const faults = async (entries: Entry[], checkpoints: Link[] = []) =>
  (await verifyChain(entries, { checkpoints })).faults;
const at = (entries: Entry[], index: number): Entry => entries[index] as Entry;

describe('a hash chain', () => {
  it('hashes the previous hash followed by the canonical JSON without the hash fields', () => {
    const entry = chainEntry(undefined, { at: 'x', data: { b: 1, a: '€' } });
    expect(entry).toMatchObject({ sequence: 1, previous_hash: GENESIS_HASH });
    expect(entry.hash).toBe(sha256Hex(`${GENESIS_HASH}{"at":"x","data":{"a":"€","b":1},"sequence":1}`));
    expect(chainEntry(entry, { at: 'y' })).toMatchObject({ sequence: 2, previous_hash: entry.hash });
  });

  it('canonicalizes as RFC 8785 shows (section 3.2.2)', () => {
    const example = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    const canonical =
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
    expect(entryHash('', example)).toBe(sha256Hex(canonical));
  });

  it('refuses what canonical JSON cannot hold, and toWellFormed makes outside text fit', () => {
    const hostile = { data: { '\ud800': 'a\udc00' } };
    expect(() => chainEntry(undefined, hostile)).toThrow(/surrogate/);
    expect(toWellFormed(hostile)).toEqual({ data: { '\ufffd': 'a\ufffd' } });
    expect(chainEntry(undefined, toWellFormed(hostile)).hash).toHaveLength(64);
  });

  it('is found whole, also after a round trip through JSON and in parts', async () => {
    const entries = JSON.parse(JSON.stringify(chain(50))) as Entry[];
    expect(await verifyChain(entries)).toMatchObject({ ok: true, checked: 50, head: { sequence: 50 } });
    expect(await verifyChain(entries.slice(20), { after: at(entries, 19) })).toMatchObject({ ok: true, checked: 30 });
    expect(await verifyChain([])).toEqual({ ok: true, checked: 0, faults: [], head: undefined });
  });

  it('shows a changed entry, also one that was given a fitting hash', async () => {
    const entries = chain(10);
    entries[4] = { ...at(entries, 4), data: { a: 'forged' } };
    expect(await faults(entries)).toEqual([{ kind: 'changed', sequence: 5 }]);
    const forged = { ...at(entries, 4) };
    entries[4] = { ...forged, hash: entryHash(forged.previous_hash, forged) };
    expect(await faults(entries)).toEqual([{ kind: 'changed', sequence: 5 }]);
  });

  it('shows removed entries', async () => {
    const entries = chain(10);
    entries.splice(3, 2);
    expect(await faults(entries)).toEqual([{ kind: 'removed', sequence: 4, through: 5 }]);
    expect(await faults(chain(10).slice(2))).toEqual([{ kind: 'removed', sequence: 1, through: 2 }]);
  });

  it('shows an inserted entry', async () => {
    const entries = chain(10);
    entries.splice(5, 0, chainEntry(at(entries, 3), { at: 'x', data: {} }));
    expect(await faults(entries)).toEqual([{ kind: 'inserted', sequence: 5 }]);
  });

  it('shows reordered entries', async () => {
    const entries = chain(10);
    [entries[3], entries[6]] = [at(entries, 6), at(entries, 3)];
    const found = await faults(entries);
    expect(found.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['reordered']));
    expect(found.every(({ kind }) => kind === 'reordered')).toBe(true);
  });

  it('shows by a checkpoint an end that was cut off and a past that was written anew', async () => {
    const entries = chain(10);
    const checkpoint = { sequence: 8, hash: at(entries, 7).hash };
    expect(await faults(entries, [checkpoint])).toEqual([]);
    expect(await faults(entries.slice(0, 6), [checkpoint])).toEqual([{ kind: 'removed', sequence: 7, through: 8 }]);
    expect(await faults([], [checkpoint])).toEqual([{ kind: 'removed', sequence: 1, through: 8 }]);
    const anew: Entry[] = [];
    for (const { at: time } of entries) anew.push(chainEntry(anew.at(-1), { at: time, data: { forged: true } }));
    expect(await faults(anew)).toEqual([]);
    expect(await faults(anew, [checkpoint])).toEqual([{ kind: 'rewritten', sequence: 8 }]);
  });

  it('finds every single tampering, wherever it is', async () => {
    const whole = chain(12);
    const tampering = fc.record({
      how: fc.constantFrom('change', 'remove', 'insert', 'swap', 'relink'),
      index: fc.integer({ min: 0, max: 11 }),
      other: fc.integer({ min: 0, max: 11 }),
    });
    await fc.assert(
      fc.asyncProperty(tampering, async ({ how, index, other }) => {
        const entries = [...whole];
        const entry = at(entries, index);
        if (how === 'change') entries[index] = { ...entry, at: 'another time' };
        if (how === 'remove') entries.splice(index, 1);
        if (how === 'insert') entries.splice(other, 0, chainEntry(at(entries, index), { at: 'x', data: {} }));
        if (how === 'swap') [entries[index], entries[other]] = [at(entries, other), entry];
        if (how === 'relink') {
          const relinked = { ...entry, previous_hash: 'f'.repeat(64) };
          entries[index] = { ...relinked, hash: entryHash(relinked.previous_hash, relinked) };
        }
        // A swap with itself is none; an end that is removed or added leaves a whole chain: checkpoints are for that.
        const isHarmless = (how === 'swap' && index === other) || (how === 'remove' && index === 11);
        const checkpoints = [{ sequence: 12, hash: at(whole, 11).hash }];
        expect((await verifyChain(entries)).ok).toBe(isHarmless);
        expect((await verifyChain(entries, { checkpoints })).ok).toBe(how === 'swap' && index === other);
      }),
      { numRuns: 300 },
    );
  });
});
