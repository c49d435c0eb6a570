import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { testTool } from '../../packages/testkit/src/test-tool.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const dockerfile = read('docker/Dockerfile');
const stages = dockerfile.split(/^FROM /m).slice(1);
const runtime = stages.at(-1) ?? '';

describe('docker/Dockerfile', () => {
  it('satisfies hadolint', async () => {
    const hadolint = await testTool('hadolint');
    const path = fileURLToPath(new URL('docker/Dockerfile', root));
    const run = promisify(execFile)(hadolint, ['--no-color', path]).catch((error) => error);
    expect((await run).stdout).toBe('');
  }, 120_000);

  it('builds on the Node that the repository uses, and on nothing else', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    const bases = stages.map((stage) => stage.split(/\s/)[0]);
    expect(bases).toEqual([`node:${devDependencies.node}-bookworm`, `node:${devDependencies.node}-bookworm-slim`]);
  });

  it('builds with the pnpm that the repository uses', () => {
    const { packageManager } = JSON.parse(read('package.json'));
    const used = `${dockerfile}${read('docker/assemble')}`.match(/pnpm@[\d.]+/g) ?? [];
    expect(new Set(used)).toEqual(new Set([packageManager]));
  });

  it('runs without rights, as a user of its own who owns nothing of the program', () => {
    expect(runtime).toMatch(/^USER 10001:10001$/m);
    expect(runtime).toMatch(/^COPY --from=build \/image \/app$/m);
    expect(runtime).not.toMatch(/--chown/);
  });

  it('is asked for its health, gets signals itself and has no shell between', () => {
    expect(runtime).toMatch(/^HEALTHCHECK .*CMD \["node", "docker\/healthcheck\.mjs"\]$/m);
    expect(runtime).toMatch(/^ENTRYPOINT \["node"/m);
    expect(runtime).toMatch(/^CMD \["apps\/standalone\/dist\/main\.js"\]$/m);
  });

  it('takes no secret into a layer, and sees none', () => {
    expect(dockerfile).not.toMatch(/^(ARG|ADD)\b/m);
    expect(dockerfile).not.toMatch(/TOKEN|PASSWORD|MASTER_KEY/);
    const ignored = read('docker/Dockerfile.dockerignore').split('\n');
    expect(ignored.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
    expect(ignored).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '**/.env*']));
  });

  it('lets through what the build reads', () => {
    const through = read('docker/Dockerfile.dockerignore').match(/(?<=^!).*$/gm) ?? [];
    for (const path of through) expect([path, existsSync(new URL(path, root))]).toEqual([path, true]);
    const assembled = read('docker/assemble').match(/^for file in (.*); do copy/m)?.[1] ?? '';
    for (const path of assembled.replace('docs/{openapi.yml,asyncapi.yml,errors.md}', 'docs/openapi.yml').split(' '))
      expect(through).toContain(path);
    const workspace = read('pnpm-workspace.yaml').match(/(?<=^ {2}- )\S+$/gm) ?? [];
    for (const folder of workspace) {
      const isThrough = through.some((path) => folder.startsWith(path) || path === `${folder}/package.json`);
      expect([folder, isThrough]).toEqual([folder, true]);
    }
  });
});
