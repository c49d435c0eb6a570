import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanEnvironment } from './environment.js';
import { type ExecutionRequest, execute, exitStatus } from './execute.js';
import { invocationOf } from './invocation.js';

let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'expacti-execute-')));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (command: string, more: Partial<ExecutionRequest> = {}) =>
  execute({
    command,
    shell: 'bash',
    cwd: folder,
    environment: cleanEnvironment({}, process.env),
    maxOutputBytes: 1_000,
    killGraceMs: 100,
    ...more,
  });

describe('execute', () => {
  it('runs in the given folder and keeps both streams apart and in order', async () => {
    const result = await run('pwd; echo oops >&2; exit 3');
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      stdout: `${folder}\n`,
      stderr: 'oops\n',
      truncated: false,
    });
  });

  it('hands the text to the shell unchanged, whatever it begins with', async () => {
    expect((await run("printf '%s|' 'a  b' \"$((1+1))\" '\\n'; echo \u00e4\u200b")).stdout).toBe(
      'a  b|2|\\n|\u00e4\u200b\n',
    );
    expect((await run('-x 2>/dev/null; echo $?')).stdout).toBe('127\n');
  });

  it('runs plain words without a shell', async () => {
    expect(invocationOf('printenv HOME', 'bash')).toEqual({
      program: 'printenv',
      parameters: ['HOME'],
      throughShell: false,
    });
    expect(invocationOf('ls', 'zsh').throughShell).toBe(true);
    expect(await run('printenv SECRET_OF_TEST')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('reads no start-up file', async () => {
    await writeFile(join(folder, '.bashrc'), 'echo rc');
    await writeFile(join(folder, '.bash_profile'), 'echo profile');
    const environment = { ...cleanEnvironment({}, process.env), HOME: folder };
    expect((await run('echo only', { environment })).output).toBe('only\n');
  });

  it.each(['sh', 'dash'] as const)('runs through %s', async (shell) => {
    expect((await run('echo "$0"', { shell })).stdout).toBe(`${shell}\n`);
  });

  it('answers as a shell would when the program is missing or cannot be started', async () => {
    expect(await run('no-such-program-here')).toMatchObject({ exitCode: 127 });
    await writeFile(join(folder, 'plain.txt'), 'x', { mode: 0o644 });
    expect(await run('./plain.txt')).toMatchObject({ exitCode: 126 });
  });

  it('refuses a text that no process can be given', async () => {
    await expect(run('echo \0')).rejects.toThrow('NUL');
  });

  it('counts all output and keeps the beginning', async () => {
    const seen: number[] = [];
    const result = await run('head -c 5000 /dev/zero', { onOutput: ({ data }) => seen.push(data.length) });
    expect(result).toMatchObject({ truncated: true, outputBytes: 5_000 });
    expect(result.stdout).toHaveLength(1_000);
    expect(seen.reduce((sum, length) => sum + length, 0)).toBe(5_000);
  });

  it('gives the command nothing to read', async () => {
    expect((await run('cat')).exitCode).toBe(0);
  });

  it('ends everything that the command started when it is aborted', async () => {
    const stop = new AbortController();
    const result = await run('trap "" TERM; sleep 300 & echo started; wait; sleep 300', {
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(exitStatus(result)).toBe(137);
  });

  it('passes on what the caller’s listener throws', async () => {
    const onOutput = (): never => {
      throw new Error('listener failed');
    };
    await expect(run('echo x', { onOutput })).rejects.toThrow('listener failed');
  });
});
