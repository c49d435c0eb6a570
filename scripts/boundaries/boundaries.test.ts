import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import configuration from '../../.dependency-cruiser.mjs';

/** For each rule one file that breaks it: `from` imports `to`. */
const BREACHES: Record<string, { from: string; to: string }> = {
  'shell-imports-only-below': { from: 'packages/shell/src/a.ts', to: 'packages/contracts/src/b.ts' },
  'contracts-imports-only-below': { from: 'packages/contracts/src/a.ts', to: 'packages/crypto/src/b.ts' },
  'crypto-imports-only-below': { from: 'packages/crypto/src/a.ts', to: 'packages/persistence/src/b.ts' },
  'policy-engine-imports-only-below': { from: 'packages/policy-engine/src/a.ts', to: 'packages/contracts/src/b.ts' },
  'persistence-imports-only-below': { from: 'packages/persistence/src/a.ts', to: 'packages/messaging/src/b.ts' },
  'redis-imports-only-below': { from: 'packages/redis/src/a.ts', to: 'packages/persistence/src/b.ts' },
  'blobs-imports-only-below': { from: 'packages/blobs/src/a.ts', to: 'packages/contracts/src/b.ts' },
  'messaging-imports-only-below': { from: 'packages/messaging/src/a.ts', to: 'packages/platform/src/b.ts' },
  'jobs-imports-only-below': { from: 'packages/jobs/src/a.ts', to: 'packages/messaging/src/b.ts' },
  'platform-imports-only-below': { from: 'packages/platform/src/a.ts', to: 'packages/policy-engine/src/b.ts' },
  'services-do-not-import-each-other': { from: 'apps/gateway/src/a.ts', to: 'apps/approvals/src/b.ts' },
  'libraries-do-not-import-apps': { from: 'packages/platform/src/a.ts', to: 'apps/gateway/src/b.ts' },
  'testkit-is-for-tests': { from: 'apps/audit/src/a.ts', to: 'packages/testkit/src/b.ts' },
  'the-sdk-stands-alone': { from: 'sdks/typescript/src/a.ts', to: 'packages/contracts/src/b.ts' },
  'the-dashboard-knows-the-wire-only': { from: 'apps/dashboard/src/a.ts', to: 'packages/crypto/src/b.ts' },
  'no-cycles': { from: 'packages/shell/src/a.ts', to: 'packages/shell/src/b.ts' },
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The names of the rules that a tree with this one import breaks. */
async function broken(from: string, to: string, back = false): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  folders.push(root);
  const relative = (path: string) => `${'../'.repeat(dirname(path === from ? to : from).split('/').length)}${path}`;
  for (const file of [from, to]) mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, from), `import { b } from '${relative(to)}';\nexport const a = b;\n`);
  writeFileSync(
    join(root, to),
    back ? `import { a } from '${relative(from)}';\nexport const b = () => a;\n` : 'export const b = 1;\n',
  );
  const { tsConfig: _, ...options } = configuration.options;
  const result = await cruise(
    ['packages', 'apps', 'sdks'].filter((name) => from.startsWith(name) || to.startsWith(name)),
    {
      ...options,
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: configuration.forbidden as never },
    } as never,
  );
  return (result.output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
}

describe('the boundaries', () => {
  it('have a breach to prove each of their rules, and a reason each', () => {
    expect(configuration.forbidden.map((rule) => rule.name).sort()).toEqual(Object.keys(BREACHES).sort());
    for (const rule of configuration.forbidden) expect(rule.comment.length).toBeGreaterThan(20);
  });

  it.each(Object.entries(BREACHES))('%s bites', async (name, { from, to }) => {
    expect(await broken(from, to, name === 'no-cycles')).toContain(name);
  });

  it.each([
    ['packages/policy-engine/src/a.ts', 'packages/shell/src/b.ts'],
    ['apps/gateway/src/a.ts', 'packages/policy-engine/src/b.ts'],
    ['apps/standalone/src/a.ts', 'apps/approvals/src/b.ts'],
    ['apps/audit/src/a.test.ts', 'packages/testkit/src/b.ts'],
  ])('%s may import %s', async (from, to) => {
    expect(await broken(from, to)).toEqual([]);
  });
});
