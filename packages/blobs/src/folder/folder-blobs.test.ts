import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { blobStoreContract, bytesOf, contentOf } from '../blob-store.contract-test.js';
import { BlobsUnavailable } from '../blobs-unavailable.js';
import { FolderBlobs } from './folder-blobs.js';

const HOUR_MS = 60 * 60 * 1_000;

blobStoreContract('FolderBlobs', async () => {
  const folder = temporaryFolder('expacti-blobs');
  const another = () => FolderBlobs.open(folder.path);
  return { store: await another(), another, dispose: async () => folder.remove() };
});

describe('FolderBlobs', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let root: string;
  let blobs: FolderBlobs;

  beforeEach(async () => {
    folder = temporaryFolder('expacti-blobs');
    root = join(folder.path, 'new', 'blobs');
    blobs = await FolderBlobs.open(root);
  });

  afterEach(() => folder.remove());

  const filesBelow = (path: string) => readdirSync(path, { recursive: true }).map(String).sort();

  it('keeps a blob as a file at its key, for its own user only', async () => {
    await blobs.put('org_a/ses_1/1.cast', bytesOf('x'));
    expect(statSync(join(root, 'org_a/ses_1/1.cast')).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'org_a/ses_1')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(root, '.unfinished'))).toEqual([]);
  });

  it('leaves no empty folders and nothing unfinished behind', async () => {
    await blobs.put('org_a/ses_1/1.cast', bytesOf('x'));
    await blobs.put('org_a/ses_2/1.cast', bytesOf('x'));
    await blobs.delete('org_a/ses_1/1.cast');
    expect(filesBelow(root)).toEqual(['.unfinished', 'org_a', 'org_a/ses_2', 'org_a/ses_2/1.cast']);
    await blobs.deleteFolder('org_a/ses_2/');
    expect(filesBelow(root)).toEqual(['.unfinished']);
  });

  it('goes on reading what it began to read after that was replaced', async () => {
    await blobs.put('org_a/1.cast', Buffer.alloc(2_000_000, 'a'));
    const reading = await blobs.get('org_a/1.cast');
    await blobs.put('org_a/1.cast', bytesOf('b'));
    expect((await contentOf(reading)).equals(Buffer.alloc(2_000_000, 'a'))).toBe(true);
  });

  it('fails a reading whose file shrinks under it instead of ending early', async () => {
    await blobs.put('org_a/1.cast', Buffer.alloc(2_000_000, 'a'));
    const reading = await blobs.get('org_a/1.cast');
    writeFileSync(join(root, 'org_a/1.cast'), 'short');
    await expect(contentOf(reading)).rejects.toThrow(BlobsUnavailable);
  });

  it('removes what a process that died left unfinished, and not what another may be writing', async () => {
    writeFileSync(join(root, '.unfinished', 'file'), 'half');
    mkdirSync(join(root, '.unfinished', 'folder', 'deep'), { recursive: true });
    await FolderBlobs.open(root, Date.now() + 23 * HOUR_MS);
    expect(readdirSync(join(root, '.unfinished'))).toEqual(['file', 'folder']);
    // As old as an archive says that a moved file is: only how long it has been here counts.
    utimesSync(join(root, '.unfinished', 'file'), 0, 0);
    await FolderBlobs.open(root);
    expect(readdirSync(join(root, '.unfinished'))).toEqual(['file', 'folder']);
    await FolderBlobs.open(root, Date.now() + 25 * HOUR_MS);
    expect(readdirSync(join(root, '.unfinished'))).toEqual([]);
  });

  it('passes over what is no blob', async () => {
    await blobs.put('org_a/1.cast', bytesOf('x'));
    writeFileSync(join(root, 'org_a', 'README'), 'no extension');
    writeFileSync(join(root, 'org_a', '.hidden.cast'), 'hidden');
    writeFileSync(join(root, 'org_a', 'UPPER.CAST'), 'upper');
    symlinkSync('/etc', join(root, 'org_b'));
    expect(await blobs.list('')).toEqual({ blobs: [{ key: 'org_a/1.cast', size: 1 }], next: null });
  });

  it('takes a folder that went away for trouble, not for emptiness', async () => {
    await blobs.put('org_a/1.cast', bytesOf('x'));
    renameSync(root, `${root}.away`);
    await expect(blobs.get('org_a/1.cast')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.stat('org_a/1.cast')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.list('')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.delete('org_a/1.cast')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.deleteFolder('org_a/')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.put('org_a/2.cast', bytesOf('y'))).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.check()).rejects.toThrow(BlobsUnavailable);
    renameSync(`${root}.away`, root);
    expect(String(await contentOf(await blobs.get('org_a/1.cast')))).toBe('x');
  });

  it('cannot be opened where a file is in the way', async () => {
    rmSync(root, { recursive: true });
    writeFileSync(root, 'a file');
    await expect(FolderBlobs.open(root)).rejects.toMatchObject({
      name: 'BlobsUnavailable',
      code: 'UNAVAILABLE',
      retryable: true,
    });
  });
});
