import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, freePort, temporaryFolder, untilReady } from '@expacti/testkit';
import Database from 'better-sqlite3';

const FLOOR_SERVER = fileURLToPath(new URL('../floor/floor-server.js', import.meta.url));
const REDIS_FLOOR_SERVER = fileURLToPath(new URL('../floor/redis-floor-server.js', import.meta.url));

export interface FloorProcess {
  readonly url: string;
  readonly pid: number;
  /** How long it took until it answered. */
  readonly startedInMs: number;
  remove(): Promise<void>;
}

/** Starts the floor, which writes `record` each time. Its data lie where the measured server's lie. */
export async function startFloor(record: Readonly<Record<string, string>>): Promise<FloorProcess> {
  const folder = temporaryFolder('expacti-bench-floor');
  return launch([FLOOR_SERVER, join(folder.path, 'floor.db'), JSON.stringify(record)], () => folder.remove());
}

/** Starts the floor on a Redis, the very one that the measured system writes to, with a stream of its own. */
export const startRedisFloor = (redisUrl: string, record: Readonly<Record<string, string>>): Promise<FloorProcess> =>
  launch([REDIS_FLOOR_SERVER, redisUrl, 'floor', JSON.stringify(record)]);

/** @param args of the floor's process, the port is added */
async function launch(args: readonly string[], tidyUp: () => void = () => undefined): Promise<FloorProcess> {
  const port = await freePort();
  const began = performance.now();
  const child = new Child(process.execPath, [...args, String(port)]);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url);
  const startedInMs = performance.now() - began;
  return {
    url,
    startedInMs,
    pid: child.pid ?? 0,
    remove: async () => {
      await child.stop();
      tidyUp();
    },
  };
}

/** The newest record of this type that the measured server has written to its log: what the floor has to write too. */
export function newestRecord(databaseFile: string, type: string): Record<string, string> {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const row = database
      .prepare(
        'SELECT event_id, type, org, "key", "at", payload FROM messaging_log WHERE type = ? ORDER BY position DESC',
      )
      .get(type);
    if (!row) throw new Error(`no ${type} was recorded`);
    return row as Record<string, string>;
  } finally {
    database.close();
  }
}
