import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const EXPACTI = fileURLToPath(new URL('../../../apps/cli/bin/expacti.mjs', import.meta.url));

export interface CliOptions {
  /** Added to a small environment of its own: nothing of the tester's sign-ins leaks in. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  input?: string;
}

export interface CliExit {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: black-box tests look into whatever came
  json: () => any;
}

/** The built `expacti` in a process of its own. */
export class Cli {
  readonly process: ChildProcess;
  readonly exit: Promise<CliExit>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], options: CliOptions = {}) {
    this.process = spawn(process.execPath, [EXPACTI, ...args], {
      cwd: options.cwd,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', NO_COLOR: '1', ...options.env },
      stdio: 'pipe',
    });
    this.process.stdout?.on('data', (data) => {
      this.#stdout += data;
    });
    this.process.stderr?.on('data', (data) => {
      this.#stderr += data;
    });
    if (options.input !== undefined) this.process.stdin?.end(options.input);
    this.exit = new Promise((resolve) => {
      this.process.once('close', (code) => {
        const [stdout, stderr] = [this.#stdout, this.#stderr];
        resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) });
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }
}

/** Runs it to its end. */
export const expacti = (args: readonly string[], options?: CliOptions): Promise<CliExit> =>
  new Cli(args, { input: '', ...options }).exit;
