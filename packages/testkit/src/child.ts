import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The account to run as, for a server that refuses to run as root. */
  readonly account?: { readonly uid: number; readonly gid: number };
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process of a test, with the lines that it printed. Whoever starts one ends it, also when the test fails. */
export class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<Exit>;
  readonly #lines: string[] = [];
  readonly #errors: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #exit: Exit | undefined;

  constructor(command: string, args: readonly string[], options: ChildOptions = {}) {
    this.#process = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      ...options.account,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.#process;
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.#hear(line));
    if (stderr !== null) createInterface({ input: stderr }).on('line', (line) => this.#errors.push(line));
    this.#exited = new Promise<Exit>((resolve) => {
      this.#process.once('error', (error) => {
        this.#errors.push(String(error));
        this.#exit = { code: null, signal: null };
        resolve(this.#exit);
      });
      // 'close' comes after the last line, 'exit' does not.
      this.#process.once('close', (code, signal) => {
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Lines of standard output so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Everything that was printed, for a failing test's message. */
  get output(): string {
    return [...this.#lines, ...this.#errors].join('\n');
  }

  /** Undefined while the process runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** Calls `listener` for each further line of standard output. */
  onLine(listener: (line: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Writes to the process's standard input. */
  async write(text: string): Promise<void> {
    const { stdin } = this.#process;
    if (stdin !== null && !stdin.write(text)) await once(stdin, 'drain');
  }

  async exited(): Promise<Exit> {
    return this.#exited;
  }

  /** SIGKILL: the process gets no chance to tidy up. */
  async kill(): Promise<Exit> {
    this.#process.kill('SIGKILL');
    return this.#exited;
  }

  /** SIGTERM, and SIGKILL if that did not end it in time. */
  async stop(withinMs = 10_000): Promise<Exit> {
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), withinMs);
    const exit = await this.#exited;
    clearTimeout(timer);
    return exit;
  }

  #hear(line: string): void {
    this.#lines.push(line);
    for (const listener of this.#listeners) listener(line);
  }
}
