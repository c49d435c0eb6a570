import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import { buildProgram, readCommandLine } from './program.js';
import { CLI_VERSION } from './version.js';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

function leaves(command: Command, path: string): string[] {
  if (command.commands.length === 0) return [path];
  return command.commands.flatMap((inner) => leaves(inner, `${path} ${inner.name()}`));
}

describe('docs/cli.md', () => {
  it('names every command', () => {
    const missing = leaves(
      buildProgram(() => undefined),
      'expacti',
    ).filter((path) => !page.includes(`\`${path}`));
    expect(missing).toEqual([]);
  });

  it('names every exit code', () => {
    expect(Object.values(EXIT).filter((code) => !page.includes(`\n| ${code} | `))).toEqual([]);
  });
});

describe('the command line', () => {
  it.each([
    [['run', '--', 'ls', '-la', '--json'], { json: false, url: undefined }],
    [['run', 'ls', '--json'], { json: false, url: undefined }],
    [['--json', 'run', '--', 'ls'], { json: true, url: undefined }],
    [['run', '--json', '--url', 'http://a', '--', 'ls'], { json: true, url: 'http://a' }],
    [['rules', 'list', '--json'], { json: true, url: undefined }],
  ])('%j leaves the options of the command itself alone', async (argv, expected) => {
    expect(await readCommandLine(argv)).toMatchObject({ context: expected });
  });

  it('the version is that of the package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(CLI_VERSION).toBe(manifest.version);
  });
});
