import { createHash } from 'node:crypto';
import { eventually, startTypeScript, temporaryFolder } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';
import { contentOf } from '../blob-store.contract-test.js';
import { FolderBlobs } from './folder-blobs.js';

const writer = new URL('../../fixtures/blob-writer.ts', import.meta.url);
const ROUNDS = 4;

/** Runs a writer until it was acknowledged so many blobs, and kills it wherever it is then. */
async function putUntilKilled(folder: string, enough: number): Promise<string[]> {
  const child = startTypeScript(writer, [folder]);
  try {
    await eventually(() => child.lines.length >= enough || child.exit !== undefined, 'the writer', 60_000);
    if (child.exit !== undefined) throw new Error(`The writer ended by itself:\n${child.output}`);
  } finally {
    await child.kill();
  }
  return child.lines.map((line) => line.slice('put '.length));
}

describe('FolderBlobs under kill -9', () => {
  it('has every acknowledged blob, and none in part', async () => {
    const folder = temporaryFolder('expacti-kill');
    try {
      const acknowledged: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        acknowledged.push(...(await putUntilKilled(folder.path, 20 + round * 13)));
      const blobs = await FolderBlobs.open(folder.path);
      const { blobs: stored, next } = await blobs.list('org_a/');
      expect(next).toBeNull();
      expect(stored.map(({ key }) => key)).toEqual(expect.arrayContaining(acknowledged));
      for (const { key } of stored) {
        const content = await contentOf(await blobs.get(key));
        expect(key).toContain(createHash('sha256').update(content).digest('hex'));
      }
    } finally {
      folder.remove();
    }
  }, 180_000);
});
