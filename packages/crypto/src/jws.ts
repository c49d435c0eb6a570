import { sign, verify } from 'node:crypto';
import { fromBase64url, toBase64url } from './base64url.js';
import type { SigningKey, VerificationKeys } from './signing-key.js';

/**
 * Compact JWS (RFC 7515) with one algorithm, EdDSA over Ed25519 (RFC 8037). `typ` keeps statements apart: a signed
 * checkpoint is never taken for a receipt.
 */

/** Far above any statement of ours; keeps hostile text from being parsed at all. */
const MAX_LENGTH = 16_384;

export type JwsFault = 'malformed' | 'wrong_algorithm' | 'wrong_type' | 'unknown_key' | 'bad_signature';

export type VerifiedJws =
  | { readonly ok: true; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly fault: JwsFault };

const headers = new WeakMap<SigningKey, Map<string, string>>();

export function signJws(key: SigningKey, typ: string, payload: object): string {
  const input = `${encodedHeader(key, typ)}.${toBase64url(JSON.stringify(payload))}`;
  return `${input}.${sign(null, Buffer.from(input), key.privateKey).toString('base64url')}`;
}

/** Whether the text is a statement of that type, signed by one of the keys. Never throws, whatever the text is. */
export function verifyJws(text: string, typ: string, keys: VerificationKeys): VerifiedJws {
  const parts = text.length <= MAX_LENGTH ? text.split('.') : [];
  const [header, payload, signature] = parts.map(fromBase64url);
  const fields = parseObject(header);
  if (parts.length !== 3 || fields === undefined || payload === undefined || signature === undefined) {
    return { ok: false, fault: 'malformed' };
  }
  if (fields.alg !== 'EdDSA') return { ok: false, fault: 'wrong_algorithm' };
  if (fields.typ !== typ) return { ok: false, fault: 'wrong_type' };
  // `crit` and `b64` change what the signature covers; nothing here uses them.
  if (Object.keys(fields).some((name) => !['alg', 'kid', 'typ'].includes(name)))
    return { ok: false, fault: 'malformed' };
  const key = typeof fields.kid === 'string' ? keys.get(fields.kid) : undefined;
  if (key === undefined) return { ok: false, fault: 'unknown_key' };
  const isGenuine = verify(null, Buffer.from(`${parts[0]}.${parts[1]}`), key, signature);
  if (!isGenuine) return { ok: false, fault: 'bad_signature' };
  const claims = parseObject(payload);
  return claims === undefined ? { ok: false, fault: 'malformed' } : { ok: true, payload: claims };
}

/** The header of a key and type never changes. */
function encodedHeader(key: SigningKey, typ: string): string {
  const known = headers.get(key) ?? new Map<string, string>();
  headers.set(key, known);
  const header = known.get(typ) ?? toBase64url(JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ }));
  known.set(typ, header);
  return header;
}

function parseObject(bytes: Buffer | undefined): Record<string, unknown> | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
