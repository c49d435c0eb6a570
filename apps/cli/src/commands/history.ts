import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CliContext } from '../context.js';
import { historyPath } from '../settings/config-folder.js';

const KEPT_LINES = 1_000;

/** Earlier lines of the shell, newest first. */
export async function readHistory(context: CliContext): Promise<string[]> {
  const text = await readFile(historyPath(context), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).slice(-KEPT_LINES).reverse();
}

/** As in other shells, a line that begins with a space is not kept. */
export async function appendHistory(context: CliContext, line: string): Promise<void> {
  if (!context.interactive || line.startsWith(' ')) return;
  const path = historyPath(context);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await appendFile(path, `${line}\n`, { mode: 0o600 });
  } catch {
    // A history that cannot be written must not keep anybody from working.
  }
}
