import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newMasterKey } from '@expacti/crypto';
import { ConfigurationError } from './config/load-config.js';

const KEY_BYTES = 32;

/** The key that seals secrets in the database: configured, or made at the first start and kept beside the data. */
export async function masterKey(dataFolder: string, configured: string | undefined): Promise<Buffer> {
  return readMasterKey(configured ?? (await keptKey(join(dataFolder, 'master.key'))));
}

/** @throws ConfigurationError when the text is no key */
export function readMasterKey(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES)
    throw new ConfigurationError(`master_key: must be ${KEY_BYTES} bytes in base64url (43 characters)`);
  return key;
}

async function keptKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = newMasterKey();
  // `wx`: two processes that start at once must not each believe in their own key.
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}
