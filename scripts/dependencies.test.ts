import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../', import.meta.url);
const manifests = globSync('{.,packages/*,apps/*,sdks/*,bench,e2e,scripts/*,docs/examples}/package.json', {
  cwd: root,
});

const used = manifests.flatMap((file) => {
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(readFileSync(new URL(file, root), 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
});
const rows = readFileSync(new URL('docs/dependencies.md', root), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| package'));
const listed = rows.flatMap((row) => (row.split('|')[1] ?? '').split(',').map((name) => name.trim()));

describe('docs/dependencies.md', () => {
  it('has a line for every dependency', () => {
    const missing = new Set(used.filter((name) => !name.startsWith('@expacti/') && !listed.includes(name)));
    expect([...missing].sort()).toEqual([]);
  });

  it('has no line for what is not used', () => {
    expect(listed.filter((name) => !used.includes(name)).sort()).toEqual([]);
  });
});
