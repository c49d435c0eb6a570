import { execFile } from 'node:child_process';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { clusterTemplate, copyCluster } from './postgres/cluster-template.js';
import { findPostgres } from './postgres/find-postgres.js';
import { childrenOf, signalAll, untilGone } from './postgres/process-family.js';
import { type Account, serverAccount } from './postgres/server-account.js';
import { watchFolder } from './postgres/watch-folder.js';
import { temporaryFolder } from './temporary-folder.js';

const run = promisify(execFile);
const START_MS = 30_000;
const STOP_MS = 20_000;

export interface PostgresOptions {
  /** Whether the server waits for the disk, as in production. Default false: quicker, and enough without crashes. */
  readonly durable?: boolean;
  /** As in `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: a free one. */
  readonly port?: number;
}

/** What makes a server quick that has nothing to lose. */
const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * A PostgreSQL server of a test's own on 127.0.0.1, with its data in a temporary folder. Anybody may connect as
 * `postgres`. It does not outlive this process.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = findPostgres();
  const account = serverAccount();
  const template = await clusterTemplate(programs, account);
  const folder = temporaryFolder('expacti-postgres').path;
  const remove = watchFolder(folder);
  try {
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
    await copyCluster(template, join(folder, 'data'));
    const settings = { ...(options.durable ? {} : CARELESS), ...options.settings };
    for (;;) {
      const port = options.port ?? (await freePort());
      const server = new PostgresServer({ programs, account, folder, remove, settings, port });
      const trouble = await server.restart().catch((error: unknown) => error);
      if (trouble === undefined) return server;
      // A free port may be taken a moment later.
      if (options.port !== undefined || !String(trouble).includes('Address already in use')) throw trouble;
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Installation {
  /** The folder of the server's programs. */
  readonly programs: string;
  readonly account: Account | undefined;
  readonly folder: string;
  readonly remove: () => Promise<void>;
  readonly settings: Readonly<Record<string, string>>;
  readonly port: number;
}

export class PostgresServer {
  readonly #installation: Installation;
  #child: Child | undefined;
  #databases = 0;
  #isPaused = false;

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  get port(): number {
    return this.#installation.port;
  }

  /** The id of the process that all others of the server descend from. Throws when the server does not run. */
  get pid(): number {
    const pid = this.#child?.exit === undefined ? this.#child?.pid : undefined;
    if (pid === undefined) throw new Error('The PostgreSQL server does not run');
    return pid;
  }

  /** How a client names one of its databases. */
  url(database = 'postgres'): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  /** Makes an empty database of a new name. Returns its URL. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.#administer('createdb', name);
    return this.url(name);
  }

  /** Removes a database that `createDatabase` made, whoever is still connected to it. */
  async dropDatabase(url: string): Promise<void> {
    await this.#administer('dropdb', '--force', new URL(url).pathname.slice(1));
  }

  /** Starts the server, on its port and with its data: after `kill`, or by ending it first in good order. */
  async restart(): Promise<void> {
    await this.#end();
    const { programs, account, folder, settings, port } = this.#installation;
    const all = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, ...settings };
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const command = [join(programs, 'postgres'), '-D', join(folder, 'data'), '-p', String(port), ...flags];
    // The server's log goes to standard error; one stream of lines shows when it is ready. `exec` keeps the process id.
    const child = new Child('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', ...command], {
      cwd: folder,
      env: { LC_ALL: 'C' },
      ...(account === undefined ? {} : { account }),
    });
    this.#child = child;
    await isReady(child);
  }

  /** As a crash: SIGKILL to the server and all its children. The data stays as it is for `restart`. */
  async kill(): Promise<void> {
    const family = [this.pid, ...(await childrenOf(this.pid))];
    signalAll(family, 'SIGKILL');
    await this.#child?.exited();
    // A child that is left would keep the next server from starting.
    await untilGone(family);
    this.#isPaused = false;
  }

  /** Everything of the server stands still: connections stay open and nobody answers. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    // First the one that would start further ones.
    signalAll([this.pid], 'SIGSTOP');
    signalAll(await childrenOf(this.pid), 'SIGSTOP');
  }

  async resume(): Promise<void> {
    signalAll([...(await childrenOf(this.pid)), this.pid], 'SIGCONT');
    this.#isPaused = false;
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    await this.#end();
    await this.#installation.remove();
  }

  /** The fast shutdown: connections are cut, what is committed is kept. */
  async #end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exit !== undefined) return;
    if (this.#isPaused) await this.resume();
    signalAll([this.pid], 'SIGINT');
    const timer = setTimeout(() => void this.kill(), STOP_MS);
    await child.exited();
    clearTimeout(timer);
  }

  async #administer(program: 'createdb' | 'dropdb', ...args: string[]): Promise<void> {
    const { programs, port } = this.#installation;
    await run(join(programs, program), ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', ...args]);
  }
}

async function isReady(child: Child): Promise<void> {
  const ready = new Promise<true>((resolve) => {
    child.onLine((line) => line.includes('database system is ready to accept connections') && resolve(true));
  });
  const timer = setTimeout(() => void child.kill(), START_MS);
  const outcome = await Promise.race([ready, child.exited()]);
  clearTimeout(timer);
  if (outcome !== true) throw new Error(`PostgreSQL did not start:\n${child.output}`);
}
