import { ExpactiInvalid } from '../errors.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where the server is. */
export interface Endpoint {
  /** Without a slash at the end. */
  http: string;
  agentSocket: string;
}

/**
 * Reads the server's address. Tokens and receipt keys must not travel in the clear, so plain http is for loopback only,
 * unless the caller accepts it (a trusted network, a sidecar).
 * @throws ExpactiInvalid
 */
export function readEndpoint(url: string, allowInsecure: boolean): Endpoint {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new ExpactiInvalid(`"${url}" is not an address such as https://expacti.example.com.`, 'URL_INVALID');
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new ExpactiInvalid('The address must begin with https:// (or http:// on this machine).', 'URL_INVALID');
  }
  if (parsed.protocol === 'http:' && !allowInsecure && !LOOPBACK.test(parsed.hostname)) {
    throw new ExpactiInvalid(
      `${parsed.origin} would carry the token unencrypted. Use https://, or set allowInsecure on a network you trust.`,
      'URL_INSECURE',
    );
  }
  const http = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
  return { http, agentSocket: `${http.replace(/^http/, 'ws')}/ws/agent` };
}
