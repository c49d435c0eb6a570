import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../temporary-folder.js';
import type { Account } from './server-account.js';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../../../node_modules/.cache/expacti', import.meta.url));

/** Bytes sort as SQLite sorts them; small WAL files make a small copy. */
const INITDB = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--wal-segsize=1', '--no-sync'];

/**
 * A data folder as `initdb` makes it, to be copied: made once for each version of PostgreSQL, because making one takes
 * longer than most tests. Several test processes may ask at once: whoever is done first wins.
 */
export async function clusterTemplate(programs: string, account: Account | undefined): Promise<string> {
  const { stdout: version } = await run(join(programs, 'postgres'), ['--version']);
  const kind = createHash('sha256')
    .update(`${version} ${INITDB.join(' ')} ${account?.uid}`)
    .digest('hex');
  const template = join(cache, `postgres-${kind.slice(0, 16)}`);
  if (!existsSync(template)) await makeTemplate(programs, account, template);
  return template;
}

/** Copies a data folder with its owner and permissions, on which PostgreSQL insists. */
export async function copyCluster(from: string, to: string): Promise<void> {
  await run('cp', ['-a', from, to]);
}

async function makeTemplate(programs: string, account: Account | undefined, template: string): Promise<void> {
  const folder = temporaryFolder('expacti-initdb');
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  try {
    // Made where the server's account may write, which the repository need not be.
    if (account !== undefined) chownSync(folder.path, account.uid, account.gid);
    const data = join(folder.path, 'data');
    await run(join(programs, 'initdb'), [...INITDB, `--pgdata=${data}`], { ...account, cwd: folder.path });
    const copy = join(unfinished, 'data');
    await copyCluster(data, copy);
    renameSync(copy, template);
  } catch (error) {
    // Another process was quicker: a folder that is not empty is not replaced.
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    folder.remove();
  }
}
