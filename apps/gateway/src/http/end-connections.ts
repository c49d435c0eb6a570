import type { Server } from 'node:http';

const LOOK_EVERY_MS = 50;

/** How long a request that is being answered may keep a server that stops. */
const PATIENCE_MS = 5_000;

/**
 * Lets a server that is about to close come to its end: connections end as they fall idle, and all of them when the
 * patience is over. Node alone waits for each client to let go. Call the answer when the server has closed.
 */
export function endConnections(server: Server, patienceMs = PATIENCE_MS): () => void {
  const looking = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  const ending = setTimeout(() => server.closeAllConnections(), patienceMs);
  return () => {
    clearInterval(looking);
    clearTimeout(ending);
  };
}
