import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { orUnavailable } from '../blobs-unavailable.js';

/** Recordings show what was typed and seen: for the service's own user only. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** How often a folder may vanish under a file that moves in, because the last blob in it was deleted meanwhile. */
const MOST_TRIES = 20;

/**
 * Writes a new file and waits until it is on disk.
 * @returns its size in bytes
 * @throws BlobsUnavailable, or what `content` throws; the file may then be there in part
 */
export async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await orUnavailable('create a file', () => open(path, 'wx', FILE_MODE));
  let size = 0;
  try {
    for await (const bytes of content) {
      await orUnavailable('write a file', () => file.appendFile(bytes));
      size += bytes.byteLength;
    }
    await orUnavailable('write a file', () => file.sync());
  } finally {
    await file.close();
  }
  return size;
}

/**
 * Moves a finished file to its place below `root`, in one step, and waits until it is certain to be found there: a
 * name is on disk only when its folder is, and that folder's name when the folder above is.
 */
export async function moveDurably(from: string, to: string, root: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await mkdir(dirname(to), { recursive: true, mode: FOLDER_MODE });
      await rename(from, to);
      break;
    } catch (error) {
      if (!isMissing(error) || tries === MOST_TRIES) throw error;
    }
  }
  for (const folder of foldersUpTo(root, to)) await syncFolder(folder);
}

/** The folders that a path below `root` is in, the innermost first and `root` last. */
export function foldersUpTo(root: string, path: string): string[] {
  const folders = [dirname(path)];
  for (let folder = dirname(path); folder !== root; folders.push(folder)) folder = dirname(folder);
  return folders;
}

/** A folder that is gone needs no syncing: whoever removed it has synced the one above. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export const isMissing = (error: unknown): boolean => hasCode(error, 'ENOENT', 'ENOTDIR');

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
