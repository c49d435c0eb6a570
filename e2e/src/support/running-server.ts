import { DistributedSystem } from './distributed-system.js';
import type { Settings } from './settings.js';
import { StandaloneServer } from './standalone-server.js';

/** Which composition the scenarios run against: each runs in both (`jest --selectProjects e2e e2e-distributed`). */
export const COMPOSITION = process.env.E2E_COMPOSITION === 'distributed' ? 'distributed' : 'standalone';

/** How long a test may take that starts servers: seven processes come up more slowly than one. */
export const PATIENCE_MS = COMPOSITION === 'distributed' ? 240_000 : 60_000;

/** An installation in processes of its own, built, with data of its own, as a black box. */
export interface RunningServer {
  /** Where agents and people reach it. */
  readonly url: string;
  /** What the processes keep beside the database. */
  readonly dataFolder: string;
  /** Everything that its processes have printed since they were started last. */
  readonly output: string;
  /**
   * Starts the processes (again) on the same data, and waits until they are ready.
   * @param more settings of this one run
   */
  launch(more?: Settings): Promise<void>;
  /** All its processes at once; no chance to tidy up. The stores, where they are servers of their own, go on. */
  kill(): Promise<void>;
  /** As an operator stops it; the data stay. 0 where every process came to its own end. */
  stop(): Promise<number | null>;
  /** Changes its data behind its back, while it is stopped. */
  sql(statement: string): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

export const RunningServer = {
  start: (settings: Settings = { eval: 'true' }): Promise<RunningServer> =>
    COMPOSITION === 'distributed' ? DistributedSystem.start({ settings }) : StandaloneServer.start(settings),
};
