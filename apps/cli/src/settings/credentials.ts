import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { credentialsPath } from './config-folder.js';

/** A person's sign-in. A token given as such has no refresh cookie and no known end. */
export interface PersonCredential {
  access_token: string;
  /** Milliseconds since 1970; null: unknown. */
  expires_at: number | null;
  /** The refresh cookie, `name=value`; rotated with each use. */
  refresh_cookie: string | null;
  email: string | null;
}

/** What `expacti login` keeps, for one server. */
export interface Credentials {
  url: string;
  shell_token?: string;
  person?: PersonCredential;
}

/** @returns Undefined when nobody has signed in. */
export async function readCredentials(context: CliContext): Promise<Credentials | undefined> {
  const path = credentialsPath(context);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliFailure(`${path} cannot be read: ${(error as Error).message}`, EXIT.configuration);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'url' in value) return value as Credentials;
  } catch {
    // Falls through to the advice below.
  }
  throw new CliFailure(`${path} is damaged. Remove it and sign in again: expacti login`, EXIT.configuration);
}

/** Replaces the file as a whole; only this user may read it. */
export async function writeCredentials(context: CliContext, credentials: Credentials): Promise<string> {
  const path = credentialsPath(context);
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await chmod(draft, 0o600);
  await rename(draft, path);
  return path;
}

/** @returns Whether there was anything to remove. */
export async function removeCredentials(context: CliContext): Promise<boolean> {
  const known = (await readCredentials(context).catch(() => ({}))) !== undefined;
  await rm(credentialsPath(context), { force: true });
  return known;
}
