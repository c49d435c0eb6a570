import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { VERSION } from './version.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

describe('what is generated or kept twice', () => {
  it('the types are those of docs/openapi.yml; else run `pnpm --filter @expacti/sdk generate`', async () => {
    const [program = '', ...parameters] = manifest.scripts.generate.split(' ');
    const check = promisify(execFile)(`${root}node_modules/.bin/${program}`, [...parameters, '--check'], { cwd: root });
    await expect(check).resolves.toMatchObject({ stderr: expect.not.stringContaining('not up-to-date') });
  });

  it('the version is that of the package', () => {
    expect(VERSION).toBe(manifest.version);
  });

  it('nothing of the workspace is needed at run time', () => {
    const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    expect(names.filter((name) => name.startsWith('@expacti/'))).toEqual([]);
  });
});
