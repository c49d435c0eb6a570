import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootstrapOutcome } from './identity-bootstrap.js';

/**
 * The one-time link that makes the first owner; null where there is one. Its token also lies in a file that only the
 * server's user reads, for whoever has no sight of the output.
 */
export async function keepSetupToken(
  dataFolder: string,
  publicUrl: string,
  outcome: BootstrapOutcome,
): Promise<string | null> {
  const file = join(dataFolder, 'setup-token');
  if (outcome.type !== 'setup-required') {
    await rm(file, { force: true });
    return null;
  }
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFile(file, `${outcome.setupToken}\n`, { mode: 0o600 });
  return `${publicUrl}/app/setup#token=${encodeURIComponent(outcome.setupToken)}`;
}
