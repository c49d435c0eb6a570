import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readEntries } from './audit-entries.js';
import { commandLineOf } from './command-line.js';
import { readList, readScope, readSeconds, requireOneOf } from './flag-values.js';
import { overridesOf } from './serve.js';
import { folderAfter } from './shell.js';

describe('commandLineOf', () => {
  it.each([
    [['ls'], 'ls'],
    [['ls | wc -l'], 'ls | wc -l'],
    [['ls', '-la', '/tmp'], 'ls -la /tmp'],
    [['echo', 'a  b', "it's", '$HOME', ''], `echo 'a  b' 'it'\\''s' '$HOME' ''`],
    [['A=1', 'ls'], `'A=1' ls`],
  ])('%j is %j', async (words, line) => {
    expect(await commandLineOf(words)).toBe(line);
  });
});

describe('values of flags', () => {
  it('times', () => {
    expect(['90', '90s', '10m', '12h', '30d'].map((text) => readSeconds('--ttl', text))).toEqual([
      90, 90, 600, 43_200, 2_592_000,
    ]);
    for (const text of ['', 'x', '1y', '-1', '1.5h']) expect(() => readSeconds('--ttl', text)).toThrow('--ttl');
  });

  it('scopes, lists, choices', () => {
    expect([readScope(), readScope('target:tgt_1'), readScope('group:grp_1')]).toEqual([
      { type: 'global' },
      { type: 'target', id: 'tgt_1' },
      { type: 'group', id: 'grp_1' },
    ]);
    for (const text of ['target', 'target:', 'everything']) expect(() => readScope(text)).toThrow('--scope');
    expect(readList(' a, b,,')).toEqual(['a', 'b']);
    expect(() => requireOneOf('--effect', 'maybe', ['allow', 'deny'])).toThrow('allow, deny');
  });

  it('settings of the server', () => {
    expect(overridesOf({ port: '4000', eval: true, set: ['limits.pending=5', 'public_url=https://a/?b=c'] })).toEqual({
      port: '4000',
      eval: 'true',
      'limits.pending': '5',
      public_url: 'https://a/?b=c',
    });
    expect(() => overridesOf({ set: ['port'] })).toThrow('name=value');
  });
});

describe('the folder of the next line', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'expacti-cli-')));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('follows a plain cd, and nothing else', async () => {
    expect(await folderAfter(`cd ${folder}`, '/')).toBe(folder);
    expect(await folderAfter(' cd -- .. ', folder)).toBe(join(folder, '..'));
    expect(await folderAfter('cd', folder)).toBe(homedir());
    for (const line of ['cd -', `cd ${folder}; id`, 'cd $HOME', 'cd missing', 'ls', `echo cd ${folder}`])
      expect([line, await folderAfter(line, '/')]).toEqual([line, '/']);
  });
});

describe('readEntries', () => {
  const collect = async (source: Readable): Promise<unknown[]> => {
    const entries: unknown[] = [];
    for await (const one of readEntries(source)) entries.push(one);
    return entries;
  };
  const read = async (text: string): Promise<unknown[]> => collect(Readable.from([text]));
  const entry = { sequence: 1, hash: 'a', previous_hash: 'b', data: {} };

  it('reads one entry a line', async () => {
    expect(await read(`${JSON.stringify(entry)}\n\n${JSON.stringify(entry)}`)).toEqual([entry, entry]);
    expect(await read('')).toEqual([]);
  });

  it.each(['{', 'null', '5', '{}', '{"sequence":"1","hash":"a","previous_hash":"b"}'])(
    'names the line of %j',
    async (line) => {
      await expect(read(`${JSON.stringify(entry)}\n${line}\n`)).rejects.toThrow('Line 2 is not an audit entry.');
    },
  );

  it('a source that fails is not an empty log', async () => {
    const broken = new Readable({ read: () => undefined });
    const reading = collect(broken);
    broken.destroy(new Error('no such file'));
    await expect(reading).rejects.toThrow('The log cannot be read: no such file');
  });
});
