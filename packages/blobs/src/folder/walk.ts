import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isKey } from '../blob-key.js';
import { isMissing } from './durable-file.js';

/**
 * The keys below a folder in the order of their characters, from behind `after` on. Reads one folder at a time, and
 * none that lies wholly before `after`. What is no blob (a stranger's file) is passed over, and so are links.
 * @param folder `org_…/`, or the empty string
 */
export async function* walk(root: string, folder: string, after: string): AsyncGenerator<string> {
  for (const { path, isFolder } of await entriesOf(root, folder)) {
    const wholeBefore = path <= after && !(isFolder && after.startsWith(path));
    if (wholeBefore) continue;
    if (isFolder) yield* walk(root, path, after);
    else if (isKey(path)) yield path;
  }
}

/** Sorted so that walking them gives all keys in order: a folder sorts as its keys do, with the slash. */
async function entriesOf(root: string, folder: string): Promise<{ path: string; isFolder: boolean }[]> {
  return (await readFolder(join(root, folder)))
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
    .map((entry) => ({
      path: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`,
      isFolder: entry.isDirectory(),
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function readFolder(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
