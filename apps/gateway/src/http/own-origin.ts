import type { IncomingMessage } from 'node:http';
import { ExpactiError } from '@expacti/contracts';
import type { GatewayOptions } from '../gateway-options.js';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `Host` without its port. */
function hostName(host: string | undefined): string | null {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}

/**
 * Refuses a browser page of another origin. Programs send no Origin and pass; a page passes when its origin is the
 * public address, or the very address that it loaded the dashboard from.
 */
export function requireOwnOrigin(request: IncomingMessage, options: Pick<GatewayOptions, 'publicUrl'>): void {
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  const own = [new URL(options.publicUrl).origin];
  if (host !== undefined) own.push(`http://${host}`, `https://${host}`);
  if (!own.includes(origin)) throw new ExpactiError('ORIGIN_REFUSED');
}

/**
 * In eval mode the credentials are public knowledge, so a web page could rebind its own name to this address and use
 * them: only loopback names are answered.
 */
export function requireLoopbackName(
  request: IncomingMessage,
  options: Pick<GatewayOptions, 'evalMode' | 'evalAllowRemote'>,
): void {
  if (!options.evalMode || options.evalAllowRemote) return;
  const name = hostName(request.headers.host);
  if (name === null || !LOOPBACK_NAMES.has(name))
    throw new ExpactiError('ORIGIN_REFUSED', 'In evaluation mode this server answers to localhost names only.');
}
