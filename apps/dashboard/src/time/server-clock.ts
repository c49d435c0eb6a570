/** Differences below this are the header's one-second resolution and the network's delay, not a wrong clock. */
const NOISE_MS = 2_000;

let offsetMs = 0;

/**
 * Deadlines are the server's; a reviewer whose own clock is wrong must still see the true time left.
 * @param header the `Date` header of an answer
 * @param sentAt, receivedAt epoch milliseconds of this computer
 */
export function observeServerTime(header: string | null, sentAt: number, receivedAt: number): void {
  if (header === null) return;
  const difference = clockDifference(header, sentAt, receivedAt);
  if (difference !== null) offsetMs = difference;
}

/** Milliseconds that the server's clock is ahead; 0 when it agrees, null when the header cannot be read or came late. */
export function clockDifference(header: string, sentAt: number, receivedAt: number): number | null {
  const server = Date.parse(header);
  if (Number.isNaN(server) || receivedAt - sentAt > NOISE_MS) return null;
  const difference = server + 500 - (sentAt + receivedAt) / 2;
  return Math.abs(difference) < NOISE_MS ? 0 : Math.round(difference);
}

/** Epoch milliseconds on the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
