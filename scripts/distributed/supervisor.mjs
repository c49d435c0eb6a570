// Runs the whole distributed system until SIGTERM: stores, services, proxy. What dies is started again, as Compose or
// systemd would. Started in the background by `make up`, stopped by `make down`.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, findProgram, nameOf, PORTS, ROOT, SERVICES, STATE } from './plan.mjs';
import { databaseUrl, postgresPlan, redisPlan, redisUrl } from './stores.mjs';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** A process that ran this long has started well; its next end is a new trouble. */
const STEADY_MS = 10_000;
const STOP_WITHIN_MS = 25_000;

mkdirSync(join(FOLDER, 'logs'), { recursive: true });
/** Name → what runs under it now. */
const running = new Map();
let isStopping = false;

function start(plan, pause = FIRST_PAUSE_MS) {
  const log = createWriteStream(join(FOLDER, 'logs', `${plan.name}.log`), { flags: 'a' });
  const child = spawn(plan.command, plan.args, { ...plan.options, stdio: ['ignore', 'pipe', 'pipe'] });
  const began = Date.now();
  const ready = new Promise((resolve) => {
    const hear = (data) => {
      log.write(data);
      if (plan.ready && String(data).includes(plan.ready)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  child.on('error', (error) => log.write(`cannot start: ${error.message}\n`));
  const ended = new Promise((resolve) => child.once('close', resolve));
  running.set(plan.name, { child, plan, ended });
  writeState();
  void ended.then(() => {
    log.end();
    running.delete(plan.name);
    if (isStopping) return;
    const next = Date.now() - began > STEADY_MS ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    setTimeout(() => isStopping || start(plan, next), pause);
  });
  return { ready, ended };
}

/** Whole or not at all: others read it at any moment. */
function writeState() {
  const processes = [...running].map(([name, { child, plan }]) => ({ name, pid: child.pid, port: plan.port ?? null }));
  writeFileSync(`${STATE}.new`, JSON.stringify({ supervisor: process.pid, processes }, null, 2));
  renameSync(`${STATE}.new`, STATE);
}

async function stopAll() {
  isStopping = true;
  // From the people inwards: nothing new can come from what is already closed.
  const order = ['proxy', 'gateway', 'approvals', 'policy', 'identity', 'audit', 'recording', 'redis', 'postgres'];
  for (const prefix of order) {
    const ending = [...running.values()].filter(({ plan }) => plan.name.split('-')[0] === prefix);
    for (const { child, plan } of ending) child.kill(plan.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => {
      for (const { child } of ending) child.kill('SIGKILL');
    }, STOP_WITHIN_MS);
    await Promise.all(ending.map(({ ended }) => ended));
    clearTimeout(timer);
  }
  process.exit(0);
}

function masterKey() {
  const file = join(FOLDER, 'master.key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function servicePlan({ service, replica, port }) {
  const name = nameOf({ service, replica });
  const publicPort = proxy ? PORTS.proxy : PORTS.gateways[0];
  const environment = {
    EXPACTI_EVAL: 'true',
    EXPACTI_PUBLIC_URL: `http://127.0.0.1:${publicPort}`,
    EXPACTI_DATABASE_POOL: '8',
    EXPACTI_LOG_LEVEL: 'info',
    ...process.env,
    EXPACTI_TRUST_PROXY: 'loopback',
    EXPACTI_DATABASE_URL: databaseUrl(),
    EXPACTI_REDIS_URL: redisUrl(),
    EXPACTI_MASTER_KEY: masterKey(),
    EXPACTI_HOST: '127.0.0.1',
    EXPACTI_PORT: String(port),
    EXPACTI_DATA_DIR: join(FOLDER, 'data'),
    EXPACTI_BLOBS_URL: process.env.EXPACTI_BLOBS_URL ?? `folder:${join(FOLDER, 'blobs')}`,
  };
  const options = { cwd: FOLDER, env: environment };
  return { name, command: process.execPath, args: [join(ROOT, `apps/${service}/dist/main.js`)], options, port };
}

function proxyPlan() {
  const command = findProgram('caddy');
  if (!command) return null;
  const env = {
    ...process.env,
    XDG_DATA_HOME: join(FOLDER, 'caddy'),
    XDG_CONFIG_HOME: join(FOLDER, 'caddy'),
    PROXY_PORT: String(PORTS.proxy),
    GATEWAY_1: `127.0.0.1:${PORTS.gateways[0]}`,
    GATEWAY_2: `127.0.0.1:${PORTS.gateways[1]}`,
  };
  const args = ['run', '--adapter', 'caddyfile', '--config', join(ROOT, 'scripts/distributed/Caddyfile')];
  return { name: 'proxy', command, args, options: { cwd: FOLDER, env }, port: PORTS.proxy };
}

const proxy = proxyPlan();
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stopAll());
// At once: who waits, or stops us, looks here.
writeState();
try {
  await Promise.all([redisPlan(), postgresPlan()].filter(Boolean).map((plan) => start(plan).ready));
  for (const service of SERVICES) start(servicePlan(service));
  if (proxy) start(proxy);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  await stopAll();
}
