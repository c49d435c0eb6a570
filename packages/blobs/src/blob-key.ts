/** Not a key or folder that a blob may have. A programmer's error, or somebody's attempt to reach what is not theirs. */
export class InvalidBlobKey extends Error {
  override readonly name = 'InvalidBlobKey';

  constructor(key: unknown, problem: string) {
    super(`Not a ${problem}: ${JSON.stringify(key)?.slice(0, 200)}`);
  }
}

const LONGEST_KEY = 512;
const LONGEST_NAME = 128;

/**
 * One way to write each key on every store: lower case, for file systems that fold it; no name begins with a dot, so that
 * `.`, `..` and a store's own files are out of reach.
 */
const FOLDER_NAME = /^[a-z0-9_][a-z0-9_-]*$/;

/** A dot in the name tells a blob from a folder, so no key can also be the folder of another. */
const BLOB_NAME = /^[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_-]+)+$/;

/**
 * `org_…/ses_…/000001.cast`: folders, then a name with an extension.
 * @throws InvalidBlobKey
 */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new InvalidBlobKey(key, 'blob key');
}

export function isKey(key: string): boolean {
  const names = namesOf(key);
  const name = names.pop() ?? '';
  return names.every(isFolderName) && name.length <= LONGEST_NAME && BLOB_NAME.test(name);
}

/**
 * `org_…/ses_…/`, ending in a slash, or the empty string for the top.
 * @throws InvalidBlobKey
 */
export function checkFolder(folder: string): void {
  if (folder === '') return;
  const names = namesOf(folder);
  if (names.pop() !== '' || names.length === 0 || !names.every(isFolderName))
    throw new InvalidBlobKey(folder, 'blob folder');
}

/** @throws InvalidBlobKey also for the top: everything is never deleted at once */
export function checkFolderBelowTop(folder: string): void {
  checkFolder(folder);
  if (folder === '') throw new InvalidBlobKey(folder, 'folder that may be deleted');
}

/** None where it is too long, or no string at all: keys come from plain JavaScript too. */
function namesOf(key: unknown): string[] {
  return typeof key === 'string' && key.length <= LONGEST_KEY ? key.split('/') : [];
}

const isFolderName = (name: string): boolean => name.length <= LONGEST_NAME && FOLDER_NAME.test(name);
