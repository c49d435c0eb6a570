// Redis and PostgreSQL of `make up`, from the installed packages, with the settings that production needs.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, findProgram, PORTS, POSTGRES_DATA } from './plan.mjs';

/** @returns the process to run, or null where EXPACTI_REDIS_URL names another server */
export function redisPlan() {
  if (process.env.EXPACTI_REDIS_URL) return null;
  const program = findProgram('redis-server');
  if (!program) throw new Error('redis-server is missing: apt-get install redis-server, or set EXPACTI_REDIS_URL');
  const data = join(FOLDER, 'redis');
  mkdirSync(data, { recursive: true });
  const settings = {
    port: PORTS.redis,
    bind: '127.0.0.1',
    dir: data,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return { name: 'redis', command: program, args, ready: 'Ready to accept connections' };
}

/** @returns the process to run, or null where EXPACTI_DATABASE_URL names another server */
export function postgresPlan() {
  if (process.env.EXPACTI_DATABASE_URL) return null;
  const programs = postgresFolder();
  const account = serverAccount();
  if (!existsSync(join(POSTGRES_DATA, 'PG_VERSION'))) initialize(programs, account);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: POSTGRES_DATA,
    max_connections: 300,
  };
  const args = ['-D', POSTGRES_DATA, '-p', String(PORTS.postgres)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  return {
    name: 'postgres',
    command: join(programs, 'postgres'),
    args,
    options: { ...account, cwd: POSTGRES_DATA },
    ready: 'database system is ready to accept connections',
    // "Fast": connections are cut, what is committed is kept. SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
  };
}

export const redisUrl = () => process.env.EXPACTI_REDIS_URL ?? `redis://127.0.0.1:${PORTS.redis}`;
export const databaseUrl = () =>
  process.env.EXPACTI_DATABASE_URL ?? `postgres://postgres@127.0.0.1:${PORTS.postgres}/postgres`;

function postgresFolder() {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`);
  const program = findProgram('initdb', folders);
  if (!program) throw new Error('PostgreSQL is missing: apt-get install postgresql, or set EXPACTI_DATABASE_URL');
  return join(program, '..');
}

/** As root: the account that the package has made. */
function serverAccount() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function initialize(programs, account) {
  mkdirSync(POSTGRES_DATA, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined) chownSync(POSTGRES_DATA, account.uid, account.gid);
  // Reached on loopback only, by whoever is on this machine: for trying it out, not for production.
  const flags = ['-D', POSTGRES_DATA, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  execFileSync(join(programs, 'initdb'), flags, { ...account, cwd: POSTGRES_DATA, stdio: 'pipe' });
}
