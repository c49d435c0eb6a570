import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidBlobKey } from './blob-key.js';
import type { BlobReading, BlobStore } from './blob-store.js';

/** One adapter under test, empty. */
export interface BlobStoreUnderTest {
  readonly store: BlobStore;
  /** Another one on the same storage, as another process has it. */
  another(): Promise<BlobStore>;
  dispose(): Promise<void>;
}

export const bytesOf = (text: string): Buffer => Buffer.from(text);

export async function contentOf(reading: BlobReading | null): Promise<Buffer> {
  if (reading === null) throw new Error('There is no such blob');
  const pieces: Buffer[] = [];
  for await (const piece of reading.content) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Cuts content into pieces whose sizes share no factor with any buffer's. */
export async function* piecesOf(content: Buffer, size = 99_991): AsyncGenerator<Buffer> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}

async function* failingAfter(content: Buffer, error: Error): AsyncGenerator<Buffer> {
  yield* piecesOf(content);
  throw error;
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const MIB = 1024 * 1024;

const HOSTILE_KEYS = [
  '',
  '/',
  '.',
  '..',
  '../org_b/1.cast',
  'org_a/../org_b/1.cast',
  'org_a/./1.cast',
  'org_a//1.cast',
  '/etc/passwd.txt',
  'org_a/1.cast/',
  'org_a\\..\\org_b\\1.cast',
  'org_a/%2e%2e/1.cast',
  'org_a/1.cast\0.txt',
  'org_a/1\n.cast',
  'org_a/.hidden.cast',
  '.unfinished/1.cast',
  'org_a/name-without-extension',
  'org.a/1.cast',
  'ORG_A/1.cast',
  'org_a/é.cast',
  `org_a/${'x'.repeat(200)}.cast`,
  `${'org_a/'.repeat(100)}1.cast`,
] as const;

/** What every `BlobStore` must do, whatever is behind it. */
export function blobStoreContract(name: string, makeStore: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name}, as a blob store`, () => {
    let under: BlobStoreUnderTest;
    let store: BlobStore;

    beforeEach(async () => {
      under = await makeStore();
      store = under.store;
    });

    afterEach(() => under.dispose());

    const keysIn = async (folder: string): Promise<string[]> =>
      (await store.list(folder)).blobs.map(({ key }) => key).sort();

    it.each([
      ['nothing', 0],
      ['one byte', 1],
      ['a chunk', 70_000],
      ['as much as one part of an upload', 8 * MIB],
      ['as much as two parts', 16 * MIB],
      ['more than two parts', 20 * MIB + 3],
    ])('gives back %s as it was put, from a buffer and from a stream', async (_what, size) => {
      const content = randomBytes(size);
      expect(await store.put('org_a/buffer.cast', content)).toEqual({ key: 'org_a/buffer.cast', size });
      expect(await store.put('org_a/stream.cast', piecesOf(content))).toEqual({ key: 'org_a/stream.cast', size });
      for (const key of ['org_a/buffer.cast', 'org_a/stream.cast']) {
        const reading = await store.get(key);
        expect(reading).toMatchObject({ key, size, start: 0, end: size });
        expect(sha256(await contentOf(reading))).toBe(sha256(content));
        expect(await store.stat(key)).toEqual({ key, size });
      }
    });

    it('knows nothing of what was never put', async () => {
      expect(await store.get('org_a/ses_1/1.cast')).toBeNull();
      expect(await store.get('org_a/ses_1/1.cast', { start: 3, end: 3 })).toBeNull();
      expect(await store.stat('org_a/ses_1/1.cast')).toBeNull();
      expect(await store.list('org_a/')).toEqual({ blobs: [], next: null });
      await store.delete('org_a/ses_1/1.cast');
      await store.deleteFolder('org_a/');
    });

    it('tells another process at once what was put, replaced and deleted', async () => {
      const other = await under.another();
      await store.put('org_a/1.cast', bytesOf('one'));
      expect(String(await contentOf(await other.get('org_a/1.cast')))).toBe('one');
      await other.put('org_a/1.cast', bytesOf('another'));
      expect(String(await contentOf(await store.get('org_a/1.cast')))).toBe('another');
      expect(await store.stat('org_a/1.cast')).toEqual({ key: 'org_a/1.cast', size: 7 });
      await store.delete('org_a/1.cast');
      expect(await other.get('org_a/1.cast')).toBeNull();
      expect(await other.list('')).toEqual({ blobs: [], next: null });
      await other.close();
    });

    it.each([
      [{}, 0, 10],
      [{ start: 3 }, 3, 10],
      [{ end: 4 }, 0, 4],
      [{ start: 2, end: 5 }, 2, 5],
      [{ start: 9, end: 10 }, 9, 10],
      [{ start: 4, end: 4 }, 4, 4],
      [{ start: 8, end: 99 }, 8, 10],
      [{ start: 10 }, 10, 10],
      [{ start: 50, end: 60 }, 10, 10],
      [{ start: 50, end: 50 }, 10, 10],
    ])('reads the part %j', async (range, start, end) => {
      await store.put('org_a/digits.txt', bytesOf('0123456789'));
      const reading = await store.get('org_a/digits.txt', range);
      expect(reading).toMatchObject({ size: 10, start, end });
      expect(String(await contentOf(reading))).toBe('0123456789'.slice(start, end));
    });

    it('reads nothing of an empty blob, whatever part is asked for', async () => {
      await store.put('org_a/empty.txt', bytesOf(''));
      for (const range of [{}, { start: 0 }, { start: 1 }, { end: 5 }]) {
        const reading = await store.get('org_a/empty.txt', range);
        expect(reading).toMatchObject({ size: 0, start: 0, end: 0 });
        expect(await contentOf(reading)).toHaveLength(0);
      }
    });

    it.each([[{ start: -1 }], [{ start: 0.5 }], [{ start: 5, end: 4 }], [{ end: Number.NaN }]])(
      'refuses the part %j',
      async (range) => {
        await store.put('org_a/digits.txt', bytesOf('0123456789'));
        await expect(store.get('org_a/digits.txt', range)).rejects.toThrow(RangeError);
      },
    );

    it.each(HOSTILE_KEYS)('refuses the key %j everywhere, and stores nothing', async (key) => {
      await expect(store.put(key, bytesOf('x'))).rejects.toThrow(InvalidBlobKey);
      await expect(store.get(key)).rejects.toThrow(InvalidBlobKey);
      await expect(store.stat(key)).rejects.toThrow(InvalidBlobKey);
      await expect(store.delete(key)).rejects.toThrow(InvalidBlobKey);
      expect(await store.list('')).toEqual({ blobs: [], next: null });
    });

    it.each(['/', '../', 'org_a', 'org_a/../org_b/', '/org_a/', 'org_a//', './', 'org_a/1.cast/', 'ORG_A/'])(
      'refuses the folder %j',
      async (folder) => {
        await expect(store.list(folder)).rejects.toThrow(InvalidBlobKey);
        await expect(store.deleteFolder(folder)).rejects.toThrow(InvalidBlobKey);
      },
    );

    it('never deletes everything at once', async () => {
      await store.put('org_a/1.cast', bytesOf('x'));
      await expect(store.deleteFolder('')).rejects.toThrow(InvalidBlobKey);
      expect(await keysIn('')).toEqual(['org_a/1.cast']);
    });

    it('stores nothing when the source fails, and hands its error on', async () => {
      const failure = new Error('the agent hung up');
      for (const length of [0, 1, 9 * MIB, 17 * MIB])
        await expect(store.put('org_a/1.cast', failingAfter(randomBytes(length), failure))).rejects.toBe(failure);
      expect(await store.list('')).toEqual({ blobs: [], next: null });
      expect(await store.get('org_a/1.cast')).toBeNull();
    });

    it('keeps what was there when the source of its successor fails', async () => {
      await store.put('org_a/1.cast', bytesOf('first'));
      const failing = failingAfter(randomBytes(9 * MIB), new Error('the agent hung up'));
      await expect(store.put('org_a/1.cast', failing)).rejects.toThrow('the agent hung up');
      expect(String(await contentOf(await store.get('org_a/1.cast')))).toBe('first');
    });

    it('shows all of a blob or none of it while it is written', async () => {
      const content = randomBytes(9 * MIB);
      const seen: (number | null)[] = [];
      async function* watched(): AsyncGenerator<Buffer> {
        for await (const piece of piecesOf(content, MIB)) {
          seen.push((await store.stat('org_a/1.cast'))?.size ?? null);
          expect(await keysIn('org_a/')).toEqual([]);
          yield piece;
        }
      }
      await store.put('org_a/1.cast', watched());
      expect(seen).toEqual(Array(9).fill(null));
      expect((await store.stat('org_a/1.cast'))?.size).toBe(content.length);
    });

    it('keeps one whole blob of several that are put under one key at once', async () => {
      const contents = Array.from({ length: 8 }, (_, index) => Buffer.alloc(300_000 + index, `${index}`));
      await Promise.all(contents.map((content) => store.put('org_a/1.cast', piecesOf(content))));
      const kept = await contentOf(await store.get('org_a/1.cast'));
      expect(contents.map(sha256)).toContain(sha256(kept));
      expect(await keysIn('')).toEqual(['org_a/1.cast']);
    });

    it('loses no blob that is put while the last other one in its folder is deleted', async () => {
      const rounds = Array.from({ length: 25 }, async (_, round) => {
        const keep = `org_a/ses_1/${round}.keep.cast`;
        await store.put(`org_a/ses_1/${round}.gone.cast`, bytesOf('x'));
        await Promise.all([store.delete(`org_a/ses_1/${round}.gone.cast`), store.put(keep, bytesOf('y'))]);
        if (round % 2 === 1) await store.delete(keep);
        return round % 2 === 1 ? [] : [keep];
      });
      const kept = (await Promise.all(rounds)).flat();
      expect(await keysIn('')).toEqual(kept.sort());
    });

    it('lists a folder with the folders in it, and none whose name begins alike', async () => {
      const keys = ['org_a/ses_1/1.cast', 'org_a/ses_1/more/1.cast', 'org_a/ses_10/1.cast', 'org_a/ses_1.cast'];
      for (const key of [...keys, 'org_b/ses_1/1.cast']) await store.put(key, bytesOf(key));
      expect(await keysIn('org_a/ses_1/')).toEqual(['org_a/ses_1/1.cast', 'org_a/ses_1/more/1.cast']);
      expect(await keysIn('org_a/')).toEqual([...keys].sort());
      expect(await keysIn('')).toHaveLength(5);
      expect((await store.list('org_a/ses_10/')).blobs).toEqual([{ key: 'org_a/ses_10/1.cast', size: 19 }]);
    });

    it('lists page by page: everything once, and the blobs of one folder in order', async () => {
      const number = (index: number) => String(index).padStart(6, '0');
      const keys = ['org_a/ses_1', 'org_a/ses_1-b', 'org_a/ses_2/more'].flatMap((folder) =>
        Array.from({ length: 9 }, (_, index) => `${folder}/${number(index)}.cast`),
      );
      await Promise.all(keys.toReversed().map((key) => store.put(key, bytesOf('x'))));
      for (const limit of [1, 4, 9, 27, 1_000]) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await store.list('org_a/', { cursor, limit });
          expect(page.blobs.length).toBeLessThanOrEqual(limit);
          seen.push(...page.blobs.map(({ key }) => key));
          cursor = page.next;
        } while (cursor !== null);
        expect(seen.toSorted()).toEqual(keys.toSorted());
        const first = seen.filter((key) => key.startsWith('org_a/ses_1/'));
        expect(first).toEqual(first.toSorted());
      }
    });

    it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses a page of %d', async (limit) => {
      await expect(store.list('', { limit })).rejects.toThrow(RangeError);
    });

    it('deletes a folder with the folders in it, and nothing beside it', async () => {
      const kept = ['org_a/ses_10/1.cast', 'org_a/ses_1.cast', 'org_b/ses_1/1.cast'];
      const gone = ['org_a/ses_1/1.cast', 'org_a/ses_1/2.cast', 'org_a/ses_1/more/1.cast'];
      for (const key of [...kept, ...gone]) await store.put(key, bytesOf('x'));
      await store.deleteFolder('org_a/ses_1/');
      expect(await keysIn('')).toEqual(kept.toSorted());
      await store.put('org_a/ses_1/1.cast', bytesOf('again'));
      expect(String(await contentOf(await store.get('org_a/ses_1/1.cast')))).toBe('again');
    });

    it('lets go of what is opened and not read', async () => {
      await store.put('org_a/1.cast', randomBytes(3 * MIB));
      for (let round = 0; round < 120; round += 1) {
        const reading = await store.get('org_a/1.cast');
        reading?.content.destroy();
      }
      expect(await contentOf(await store.get('org_a/1.cast'))).toHaveLength(3 * MIB);
    });

    it('says that it can be used', async () => {
      await store.check();
    });
  });
}
