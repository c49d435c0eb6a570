/** How fresh the page is. Decisions are offered only while it is `live`. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** The stream broke a moment ago. */
  | { state: 'reconnecting'; since: number }
  /** It has been broken for so long that what is shown may be wrong. */
  | { state: 'stale'; since: number }
  /** The stream is back; what happened meanwhile is being read. */
  | { state: 'catching-up'; since: number };

export type ConnectionEvent = 'connected' | 'caught-up' | 'disconnected' | 'tick';

/** After this long without a stream the page calls itself stale. */
export const STALE_AFTER_MS = 10_000;

export function nextConnection(current: Connection, event: ConnectionEvent, now: number): Connection {
  switch (event) {
    case 'connected':
      return current.state === 'live' ? current : { state: 'catching-up', since: sinceOf(current, now) };
    case 'caught-up':
      return current.state === 'catching-up' ? { state: 'live' } : current;
    case 'disconnected':
      return current.state === 'live' || current.state === 'catching-up'
        ? { state: 'reconnecting', since: sinceOf(current, now) }
        : current;
    case 'tick':
      return current.state === 'reconnecting' && now - current.since >= STALE_AFTER_MS
        ? { state: 'stale', since: current.since }
        : current;
  }
}

function sinceOf(current: Connection, now: number): number {
  return 'since' in current ? current.since : now;
}
