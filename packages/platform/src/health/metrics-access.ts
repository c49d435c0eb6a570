import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Whether a request may read `/metrics`: with the configured token from anywhere; where there is none, from this machine,
 * unless a proxy on it hands on what comes from elsewhere.
 */
export function mayReadMetrics({ headers, socket }: IncomingMessage, token: string | null): boolean {
  if (token !== null) return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
  const isProxied = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return !isProxied && isLoopback(socket.remoteAddress);
}

const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(::1$|(::ffff:)?127\.)/.test(address);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
