import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { credentialsPath } from './config-folder.js';

const ATTEMPTS = 100;
const PAUSE_MS = 100;
/** A lock this old belongs to a process that died. */
const STALE_MS = 30_000;

/** Runs work while no other expacti process of this user changes the credentials. */
export async function withLock<T>(context: CliContext, work: () => Promise<T>): Promise<T> {
  const path = `${credentialsPath(context)}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const lock = await open(path, 'wx').catch(() => undefined);
    if (lock) {
      await lock.close();
      return work().finally(() => rm(path, { force: true }));
    }
    const age = await stat(path).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(path, { force: true });
    else await wait(PAUSE_MS);
  }
  throw new CliFailure(`Another expacti process holds ${path}. If none runs, remove it.`, EXIT.conflict);
}
