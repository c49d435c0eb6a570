import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, freePort, temporaryFolder, untilReady } from '@expacti/testkit';
import Database from 'better-sqlite3';

const FLOOR_SERVER = fileURLToPath(new URL('../floor/floor-server.js', import.meta.url));

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
  const port = await freePort();
  const file = join(folder.path, 'floor.db');
  const began = performance.now();
  const child = new Child(process.execPath, [FLOOR_SERVER, file, JSON.stringify(record), String(port)]);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url);
  const startedInMs = performance.now() - began;
  return {
    url,
    startedInMs,
    pid: child.pid ?? 0,
    remove: async () => {
      await child.stop();
      folder.remove();
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
