import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { CliContext } from '../context.js';
import { credentialsPath } from '../settings/config-folder.js';
import type { Check, CheckResult } from './check.js';

const NEEDED_NODE = 22;
const ENOUGH_BYTES = 500 * 1_048_576;

/** What the server would be started with here. */
export interface LocalServer {
  host: string;
  port: number;
  data_dir: string;
  database_url?: string | undefined;
}

export const checkNode: Check = async () => {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= NEEDED_NODE
    ? { name: 'node', status: 'ok', detail: process.version }
    : { name: 'node', status: 'fail', detail: `${process.version}; expacti needs Node.js ${NEEDED_NODE} or newer` };
};

export async function checkConfiguration(
  configFile: string | undefined,
): Promise<{ result: CheckResult; local: LocalServer | undefined }> {
  try {
    const { readConfiguration } = await import('@expacti/platform');
    const local = readConfiguration({ configFile });
    const detail = `valid; would listen on ${local.host}:${local.port}, data in ${local.data_dir}`;
    return { result: { name: 'configuration', status: 'ok', detail }, local };
  } catch (error) {
    return { result: { name: 'configuration', status: 'fail', detail: (error as Error).message }, local: undefined };
  }
}

/** @param served Whether an expacti server answers at that port already. */
export async function checkPort(local: LocalServer, served: boolean): Promise<CheckResult> {
  const name = 'port';
  if (served) return { name, status: 'ok', detail: `${local.port} is served by expacti` };
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(local.port, local.host, () => probe.close(() => resolve(undefined)));
  });
  if (!problem) return { name, status: 'ok', detail: `${local.port} is free` };
  const detail =
    problem.code === 'EADDRINUSE'
      ? `${local.port} is taken by another program; stop it, or choose another port`
      : `${local.host}:${local.port} cannot be used: ${problem.message}`;
  return { name, status: 'fail', detail };
}

/** Of the data folder: whether it can be written, and how much room is left. */
export async function checkDataFolder(local: LocalServer): Promise<CheckResult> {
  const name = 'data folder';
  const folder = await existingParent(local.data_dir);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch {
    return { name, status: 'fail', detail: `${folder} is not writable for this user` };
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const room = `${Math.floor(free / 1_048_576)} MiB free`;
  if (free < ENOUGH_BYTES)
    return { name, status: 'warn', detail: `${local.data_dir}: only ${room}; a full disk makes the server refuse` };
  return { name, status: 'ok', detail: `${local.data_dir}, ${room}` };
}

/** The folder itself, or the nearest one above it that exists: that is where it would be made. */
async function existingParent(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? path : existingParent(join(path, '..'));
}

/** Without opening it: the server may be using it. A server that runs says itself whether its database answers. */
export async function checkDatabaseFile(local: LocalServer): Promise<CheckResult> {
  const name = 'database';
  const url = local.database_url;
  if (url !== undefined && !url.startsWith('sqlite:')) {
    return { name, status: 'skip', detail: 'PostgreSQL; start the server to see whether it answers' };
  }
  const file = url === undefined ? join(local.data_dir, 'expacti.db') : url.slice('sqlite:'.length);
  const found = await stat(file).catch(() => undefined);
  if (!found) return { name, status: 'ok', detail: 'there is none yet; the first start makes it' };
  const writable = await access(file, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable
    ? { name, status: 'ok', detail: `${file}, ${Math.ceil(found.size / 1_048_576)} MiB` }
    : { name, status: 'fail', detail: `${file} is not readable and writable for this user` };
}

export const checkCredentialsFile = async (context: CliContext): Promise<CheckResult> => {
  const name = 'credentials';
  const path = credentialsPath(context);
  const found = await stat(path).catch(() => undefined);
  if (!found) return { name, status: 'ok', detail: 'none kept' };
  if ((found.mode & 0o077) !== 0)
    return { name, status: 'fail', detail: `others can read ${path}; run: chmod 600 ${path}` };
  return { name, status: 'ok', detail: path };
};
