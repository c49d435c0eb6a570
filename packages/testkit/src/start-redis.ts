import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';

export interface RedisServerOptions {
  /** Added to redis.conf; beats what `durable` says. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** As production needs it: an append-only file that is synced before each answer, and no eviction. Default true. */
  readonly durable?: boolean;
}

/** A Redis of one test's own on 127.0.0.1, its data in a temporary folder. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  readonly pid: number;
  /** SIGTERM; removes the data. Whoever starts a server stops it, also when the test fails. Stopping twice is harmless. */
  stop(): Promise<void>;
  /** SIGKILL: what it had not written is lost. The data stays for `restart`. */
  kill(): Promise<void>;
  /** Starts it again (after stopping it, if it runs) with the same port, data and settings. */
  restart(): Promise<void>;
  /** SIGSTOP: it keeps its connections and answers nobody. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
}

const DURABLE = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
const START_WITHIN_MS = 20_000;
/** Another process may take a free port before the server does. */
const PORTS_TRIED = 5;

/**
 * Starts the system's redis-server and waits until it accepts connections. It dies with the test process, however that
 * ends.
 * @throws Error that says what to install where there is no redis-server
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = temporaryFolder('expacti-redis');
  const settings = { ...(options.durable === false ? {} : DURABLE), ...options.settings };
  try {
    const { child, port } = await startOnFreePort(folder.path, settings, options.port);
    return serverOf(child, port, folder, settings);
  } catch (error) {
    folder.remove();
    throw error;
  }
}

function serverOf(
  first: Child,
  port: number,
  folder: { path: string; remove(): void },
  settings: Readonly<Record<string, string>>,
): RedisServer {
  let child = first;
  const signal = (name: NodeJS.Signals): void => {
    if (child.exit === undefined && child.pid !== undefined) process.kill(child.pid, name);
  };
  const end = async (): Promise<void> => {
    // A paused process would not hear SIGTERM.
    signal('SIGCONT');
    await child.stop();
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? -1;
    },
    stop: async () => {
      await end();
      folder.remove();
    },
    kill: async () => {
      await child.kill();
    },
    restart: async () => {
      await end();
      child = await startOn(port, folder.path, settings);
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  };
}

async function startOnFreePort(
  folder: string,
  settings: Readonly<Record<string, string>>,
  wanted: number | undefined,
): Promise<{ child: Child; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    try {
      return { child: await startOn(port, folder, settings), port };
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes('Address already in use');
      if (!isTaken || wanted !== undefined || attempt === PORTS_TRIED) throw error;
    }
  }
}

async function startOn(port: number, folder: string, settings: Readonly<Record<string, string>>): Promise<Child> {
  const configuration = { port: String(port), bind: '127.0.0.1', dir: folder, save: '""', ...settings };
  const file = join(folder, 'redis.conf');
  const lines = Object.entries(configuration).map(([name, value]) => `${name} ${value}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  const [command, args] = diesWithUs(['redis-server', file]);
  const child = new Child(command, args);
  const isReady = (): boolean => child.lines.some((line) => line.includes('Ready to accept connections'));
  try {
    await eventually(() => isReady() || child.exit !== undefined, 'redis-server', START_WITHIN_MS);
  } catch (error) {
    await child.kill();
    throw error;
  }
  if (isReady()) return child;
  if (/ENOENT|No such file/.test(child.output)) {
    throw new Error('No redis-server was found: install it (apt-get install redis-server)');
  }
  throw new Error(`redis-server ended with ${JSON.stringify(child.exit)}:\n${child.output}`);
}

/** The kernel ends the server when this process ends, even by SIGKILL, where util-linux is installed. */
function diesWithUs([command = '', ...args]: readonly string[]): [string, string[]] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  return setpriv === undefined ? [command, args] : [setpriv, ['--pdeathsig', 'KILL', command, ...args]];
}
