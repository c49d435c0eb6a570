import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const installer = fileURLToPath(new URL('../../../scripts/test-tools/install', import.meta.url));

/** The path of a program in `scripts/test-tools/requirements.txt`. Installs them all where that has not been done yet. */
export async function testTool(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(installer);
  return join(stdout.trim(), name);
}
