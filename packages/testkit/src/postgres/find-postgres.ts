import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Where Debian keeps the servers of each major version: their programs are not on `PATH`. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/**
 * The folder of a PostgreSQL server's own programs (`postgres`, `initdb`, `createdb`, …): the one on `PATH`, else the newest
 * that Debian has installed. Throws what to install.
 */
export function findPostgres(
  environment: NodeJS.ProcessEnv = process.env,
  debianFolder: string = DEBIAN_FOLDER,
): string {
  const onPath = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = [...onPath, ...debianFolders(debianFolder)]
    .map((folder) => join(folder, 'postgres'))
    .find(isExecutable);
  if (found === undefined) {
    throw new Error('No PostgreSQL server was found: install it (apt-get install postgresql) or put it on PATH');
  }
  // A link on PATH may stand alone; its neighbours are where it points to.
  return dirname(realpathSync(found));
}

function debianFolders(folder: string): string[] {
  try {
    const versions = readdirSync(folder).filter((name) => /^\d+$/.test(name));
    return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(folder, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
