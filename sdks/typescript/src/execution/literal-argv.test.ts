import { describe, expect, it } from '@jest/globals';
import { literalArgv } from './literal-argv.js';

describe('literalArgv', () => {
  it.each([
    ['ls', ['ls']],
    ['ls -la /tmp', ['ls', '-la', '/tmp']],
    ['  git   status ', ['git', 'status']],
    ['./run.sh --level=3 a,b +x %1 user@host:22', ['./run.sh', '--level=3', 'a,b', '+x', '%1', 'user@host:22']],
    ['g++ a.c', ['g++', 'a.c']],
  ])('takes %j as plain words', (command, argv) => {
    expect(literalArgv(command)).toEqual(argv);
  });

  it.each([
    '',
    ' ',
    'echo hi',
    'test -f x',
    '[ -f x',
    '. x',
    ': x',
    'A=1 ls',
    '%1',
    '-x',
    '=ls',
    '@x',
    'ls; id',
    'ls\nid',
    'ls\tx',
    'ls\rx',
    'ls &',
    'ls|id',
    'ls >x',
    'ls <x',
    'ls $HOME',
    'ls `id`',
    'ls "a"',
    "ls 'a'",
    'ls \\a',
    'ls ~',
    'ls *',
    'ls ?',
    'ls [a]',
    'ls {a,b}',
    'ls (a)',
    'ls #a',
    'ls !!',
    'ls a^b',
    'ls ä',
    'ls a\u00a0b',
    'ls a\u200b',
    'time ls',
    'if ls',
    'exec ls',
    'ls\0',
  ])('leaves %j to the shell', (command) => {
    expect(literalArgv(command)).toBeNull();
  });
});
