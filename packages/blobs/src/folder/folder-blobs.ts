import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { checkFolder, checkFolderBelowTop, checkKey } from '../blob-key.js';
import type { BlobEntry, BlobPage, BlobReading, BlobStore, ListOptions } from '../blob-store.js';
import { orUnavailable } from '../blobs-unavailable.js';
import { type ByteRange, checkRange, rangeWithin } from '../byte-range.js';
import { exactContent } from '../exact-content.js';
import { checkLimit } from '../page-limit.js';
import { foldersUpTo, hasCode, isMissing, moveDurably, syncFolder, writeDurably } from './durable-file.js';
import { walk } from './walk.js';

/** Files that are being written, and folders that are being deleted. On the same file system, so that moves are one step. */
const UNFINISHED = '.unfinished';

/** Nothing takes so long: what is older was left by a process that died. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1_000;

/**
 * Blobs in a folder, which may be shared by processes, and over a network by machines where its file system keeps
 * POSIX's word on `rename` and `fsync`. A blob is a file at its key; it is written beside and moved there whole.
 */
export class FolderBlobs implements BlobStore {
  readonly #root: string;
  readonly #unfinished: string;

  private constructor(root: string) {
    this.#root = root;
    this.#unfinished = join(root, UNFINISHED);
  }

  /**
   * Makes the folder where there is none. It is not made again later: a folder that went away is trouble, not empty.
   * @param now milliseconds since 1970; tells what a process that died has left unfinished
   * @throws BlobsUnavailable
   */
  static async open(folder: string, now = Date.now()): Promise<FolderBlobs> {
    const blobs = new FolderBlobs(resolve(folder));
    await orUnavailable(`open ${folder}`, async () => {
      await mkdir(blobs.#unfinished, { recursive: true, mode: 0o700 });
      await blobs.#removeAbandoned(now);
    });
    await blobs.check();
    return blobs;
  }

  async put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobEntry> {
    checkKey(key);
    const unfinished = join(this.#unfinished, randomUUID());
    try {
      const size = await writeDurably(unfinished, content instanceof Uint8Array ? once(content) : content);
      await orUnavailable(`store ${key}`, () => moveDurably(unfinished, this.#path(key), this.#root));
      return { key, size };
    } catch (error) {
      // What cannot be removed now is removed as abandoned; the first error is the one that counts.
      await rm(unfinished, { force: true }).catch(() => {});
      throw error;
    }
  }

  async get(key: string, range: ByteRange = {}): Promise<BlobReading | null> {
    checkKey(key);
    const wanted = checkRange(range);
    const file = await this.#orNull(`read ${key}`, () => open(this.#path(key), 'r'));
    if (file === null) return null;
    return orUnavailable(`read ${key}`, () => read(key, file, wanted));
  }

  async stat(key: string): Promise<BlobEntry | null> {
    checkKey(key);
    const found = await this.#orNull(`look at ${key}`, () => stat(this.#path(key)));
    return found === null ? null : { key, size: found.size };
  }

  async list(folder: string, { cursor, limit }: ListOptions = {}): Promise<BlobPage> {
    checkFolder(folder);
    const most = checkLimit(limit);
    return orUnavailable(`list ${folder}`, async () => {
      const blobs: BlobEntry[] = [];
      for await (const key of walk(this.#root, folder, cursor ?? '')) {
        if (blobs.length === most) return { blobs, next: blobs.at(-1)?.key ?? null };
        const entry = await this.stat(key);
        if (entry !== null) blobs.push(entry);
      }
      if (blobs.length === 0) await this.check();
      return { blobs, next: null };
    });
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    const path = this.#path(key);
    if ((await this.#orNull(`delete ${key}`, async () => unlink(path).then(() => true))) === null) return;
    await orUnavailable(`delete ${key}`, () => this.#removeEmpty(path));
  }

  /** The folder disappears in one step and is emptied where nobody looks; a `put` meanwhile goes to a new one. */
  async deleteFolder(folder: string): Promise<void> {
    checkFolderBelowTop(folder);
    const path = this.#path(folder.slice(0, -1));
    const unfinished = join(this.#unfinished, randomUUID());
    const moved = await this.#orNull(`delete ${folder}`, async () => rename(path, unfinished).then(() => true));
    if (moved === null) return;
    await orUnavailable(`delete ${folder}`, async () => {
      await this.#removeEmpty(path);
      await rm(unfinished, { recursive: true, force: true });
    });
  }

  async check(): Promise<void> {
    await orUnavailable(`use ${this.#root}`, () => access(this.#unfinished, constants.W_OK | constants.X_OK));
  }

  async close(): Promise<void> {}

  #path(key: string): string {
    return join(this.#root, key);
  }

  /** Null where the file is missing, provided that the folder of all is there. */
  async #orNull<T>(doing: string, step: () => Promise<T>): Promise<T | null> {
    return orUnavailable(doing, async () => {
      try {
        return await step();
      } catch (error) {
        if (!isMissing(error)) throw error;
        await this.check();
        return null;
      }
    });
  }

  /** Removes the folders that a deleted path was the last in, and waits until all that is on disk. */
  async #removeEmpty(path: string): Promise<void> {
    for (const folder of foldersUpTo(this.#root, path)) {
      const removed = folder !== this.#root && (await removeIfEmpty(folder));
      if (removed) continue;
      await syncFolder(folder);
      return;
    }
  }

  async #removeAbandoned(now: number): Promise<void> {
    for (const name of await readdir(this.#unfinished)) {
      const path = join(this.#unfinished, name);
      // Another process may be faster.
      const entry = await stat(path).catch(() => null);
      if (entry !== null && now - entry.ctimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
    }
  }
}

/** Hands the open file to the stream that is read from it; closes it where there is nothing to read. */
async function read(key: string, file: FileHandle, wanted: { start: number; end: number }): Promise<BlobReading> {
  try {
    const { size } = await file.stat();
    const { start, end } = rangeWithin(size, wanted);
    if (start === end) {
      await file.close();
      return { key, size, start, end, content: Readable.from([], { objectMode: false }) };
    }
    const source = file.createReadStream({ start, end: end - 1, highWaterMark: 256 * 1024 });
    return { key, size, start, end, content: exactContent(key, end - start, source) };
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    if (isMissing(error)) return true;
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
