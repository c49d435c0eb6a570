// What runs where when the whole distributed system runs on one machine (`make up`).
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Logs, keys, process ids; Redis' data. `make down` keeps it, so that `make up` goes on where it was. */
export const FOLDER = join(ROOT, '.up');
export const STATE = join(FOLDER, 'state.json');

const base = Number(process.env.EXPACTI_PORT ?? 3001);
export const PORTS = {
  proxy: base - 1,
  gateways: [base, base + 1],
  firstWorker: base + 10,
  postgres: base + 31,
  redis: base + 78,
};

export const GATEWAYS = PORTS.gateways.map((port) => `http://127.0.0.1:${port}`);

/** Two of each worker, then two gateways. */
export const SERVICES = [
  ...['identity', 'policy', 'approvals', 'audit', 'recording'].flatMap((service, index) =>
    [0, 1].map((replica) => ({ service, replica, port: PORTS.firstWorker + 2 * index + replica })),
  ),
  ...PORTS.gateways.map((port, replica) => ({ service: 'gateway', replica, port })),
];

export const nameOf = ({ service, replica }) => `${service}-${replica + 1}`;

/** Where a program is, or null. Debian keeps PostgreSQL's servers out of the PATH. */
export function findProgram(name, folders = []) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...folders]) {
    const file = join(folder, name);
    if (existsSync(file)) return file;
  }
  return null;
}

/** PostgreSQL refuses to run as root, and its own user cannot read everybody's folders: as root its data lies elsewhere. */
export const POSTGRES_DATA =
  process.getuid?.() === 0
    ? `/var/tmp/expacti-up-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`
    : join(FOLDER, 'postgres');
