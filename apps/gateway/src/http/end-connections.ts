import type { Server } from 'node:http';

const LOOK_EVERY_MS = 50;

/** How long a request that is being answered may keep a server that stops. */
const PATIENCE_MS = 5_000;

/**
 * Lets a server come to its end once it no longer listens: connections end as they fall idle, and all of them when the
 * patience is over. Node alone waits for each client to let go. While it still listens they are left alone: a client may
 * be asking over one in this moment. Call the answer when the server has closed.
 */
export function endConnections(server: Server, patienceMs = PATIENCE_MS): () => void {
  let ending: NodeJS.Timeout | undefined;
  const looking = setInterval(() => {
    if (server.listening) return;
    ending ??= setTimeout(() => server.closeAllConnections(), patienceMs);
    server.closeIdleConnections();
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(looking);
    clearTimeout(ending);
  };
}
