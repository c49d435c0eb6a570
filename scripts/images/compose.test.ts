import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { temporaryFolder } from '../../packages/testkit/src/temporary-folder.js';
import { testTool } from '../../packages/testkit/src/test-tool.js';

/** What these tests look at; Docker Compose itself has checked the shape of it. */
interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  networks?: string[];
  ports?: unknown[];
  depends_on?: Record<string, { condition: string }>;
  restart?: string;
  healthcheck?: { test: string[] };
  deploy?: { replicas?: number; resources?: { limits?: { cpus?: string; memory?: string } } };
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
}

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const text = read('docker/compose.yml');
const example = read('docker/.env.example');
const compose: Compose = parse(text, { merge: true });
const services = Object.entries(compose.services);
/** The processes of ours, by what their command starts. */
const ours = services.filter(([, { command }]) => command?.[0]?.startsWith('apps/'));

/** What the real Docker Compose, which needs no engine for this, says of compose.yml under these variables. */
async function composeConfig(variables: string): Promise<{ stdout: string; stderr: string; code?: number }> {
  const docker = await testTool('docker-compose');
  const folder = temporaryFolder('expacti-compose');
  try {
    const file = join(folder.path, 'env');
    writeFileSync(file, variables);
    const path = fileURLToPath(new URL('docker/compose.yml', root));
    const args = ['--file', path, '--env-file', file, 'config', '--format', 'json'];
    return await promisify(execFile)(docker, args, { env: { HOME: folder.path } }).catch((error) => error);
  } finally {
    folder.remove();
  }
}

describe('docker/compose.yml', () => {
  it('is taken by Docker Compose once the example of its variables is filled in', async () => {
    const { stdout, stderr } = await composeConfig(example.replace(/=$/gm, '=filled'));
    expect(stderr).toBe('');
    const taken = JSON.parse(stdout);
    expect(Object.keys(taken.services).sort()).toEqual(Object.keys(compose.services).sort());
    expect(taken.services['gateway-1'].environment).toMatchObject({
      EXPACTI_PUBLIC_URL: 'https://expacti.example.com',
      EXPACTI_DATABASE_URL: 'postgres://expacti:filled@postgres:5432/expacti',
      EXPACTI_REDIS_URL: 'redis://:filled@redis:6379',
      EXPACTI_MASTER_KEY: 'filled',
    });
  }, 180_000);

  it('is refused while a secret is not filled in', async () => {
    const { code, stderr } = await composeConfig(example);
    expect(code).not.toBe(0);
    for (const name of ['EXPACTI_MASTER_KEY', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD'])
      expect(stderr).toContain(`required variable ${name} is missing a value: fill in docker/.env`);
  });

  it('starts main files that exist, two processes of each service', () => {
    const processes = new Map<string, number>();
    for (const [, { command = [], deploy }] of ours) {
      const [, service = ''] = /^apps\/([a-z]+)\/dist\/main\.js$/.exec(command[0] ?? '') ?? [];
      expect(command).toHaveLength(1);
      expect(existsSync(new URL(`apps/${service}/src/main.ts`, root))).toBe(true);
      processes.set(service, (processes.get(service) ?? 0) + (deploy?.replicas ?? 1));
    }
    expect(Object.fromEntries(processes)).toEqual({
      approvals: 2,
      audit: 2,
      gateway: 2,
      identity: 2,
      policy: 2,
      recording: 2,
    });
  });

  it('configures services by variables that they know', () => {
    const known = read('docs/configuration.md');
    const variables = ours.flatMap(([, { environment }]) => Object.keys(environment ?? {}));
    const settings = variables.filter((name) => name.startsWith('EXPACTI_'));
    expect(settings.length).toBeGreaterThan(0);
    for (const name of settings) expect(known).toContain(`\`${name.slice('EXPACTI_'.length).toLowerCase()}\``);
  });

  it.each(services)('gives %s a restart policy, limits and a bounded log', (_name, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.deploy?.resources?.limits).toEqual({ cpus: expect.any(String), memory: expect.any(String) });
    expect(service).toHaveProperty('logging.options.max-size');
  });

  it('starts nothing before what it needs is healthy', () => {
    const checked = services.filter(([, { healthcheck }]) => healthcheck !== undefined).map(([name]) => name);
    // Our own image brings its health check (docker/Dockerfile).
    checked.push(...ours.map(([name]) => name));
    for (const [, { depends_on = {} }] of services)
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(condition).toBe('service_healthy');
        expect(checked).toContain(name);
      }
    for (const [, { depends_on = {} }] of ours) expect(Object.keys(depends_on).sort()).toEqual(['postgres', 'redis']);
  });

  it('publishes Caddy alone, and lets nobody outside reach a store', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['caddy']);
    for (const store of ['postgres', 'redis']) {
      expect(compose.services[store]?.networks).toEqual(['inside']);
      expect(compose.services.caddy?.networks).not.toContain('inside');
    }
    expect(compose.networks.inside?.internal).toBe(true);
  });

  it('pins every image', () => {
    for (const [, { image = '' }] of services) {
      const pinned = image.replace(/^\$\{EXPACTI_IMAGE:-(.*)\}$/, '$1');
      expect(pinned).toMatch(/^[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    }
  });

  it('asks of Redis what expacti demands of it', () => {
    const command = compose.services.redis?.command?.join(' ');
    for (const setting of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction'])
      expect(command).toContain(setting);
  });

  it('holds no secret: each comes from docker/.env, must be filled in, and is told of in the example', () => {
    const variables = [...text.matchAll(/(?<!\$)\$\{([A-Z_]+)(:[-?])?/g)];
    for (const [, name = '', guard] of variables) {
      if (/PASSWORD|MASTER_KEY/.test(name)) expect([name, guard]).toEqual([name, ':?']);
      if (name !== 'EXPACTI_IMAGE') expect(example).toMatch(new RegExp(`^#?${name}=`, 'm'));
    }
    expect(variables.map(([, name]) => name)).toEqual(
      expect.arrayContaining(['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'EXPACTI_MASTER_KEY']),
    );
    expect(example).toMatch(/^(EXPACTI_MASTER_KEY|POSTGRES_PASSWORD|REDIS_PASSWORD)=$/m);
    expect(read('docker/.gitignore')).toContain('.env\n');
  });
});
