import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { fromBase64url } from './base64url.js';
import { sha256Hex } from './sha256.js';

/** A public Ed25519 key as others may see it (RFC 8037). `kid` is the key's own thumbprint (RFC 7638). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

/** A JWK set: the current signing key and the older ones whose signatures are still to be checked. */
export interface Jwks {
  readonly keys: readonly PublicJwk[];
}

/** What signs. Keep `privateKey` out of logs; a `KeyObject` does not print its secret. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: PublicJwk;
}

/** A new Ed25519 key from the system's randomness. */
export function generateSigningKey(): SigningKey {
  return signingKey(generateKeyPairSync('ed25519').privateKey);
}

/** The secret as JSON text, to be sealed (`Sealer`) before it is stored. */
export function exportSigningKey(key: SigningKey): string {
  return JSON.stringify(key.privateKey.export({ format: 'jwk' }));
}

/** The inverse of `exportSigningKey`. Throws, without repeating the secret, if the text is no Ed25519 private key. */
export function importSigningKey(text: string): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
  } catch {
    throw new Error('The stored signing key is not a private key in JWK form');
  }
  return signingKey(privateKey);
}

/** The public keys to publish, current one first. */
export function exportJwks(keys: readonly SigningKey[]): Jwks {
  return { keys: keys.map(({ jwk }) => jwk) };
}

/** Keys that verify, by `kid`. */
export type VerificationKeys = ReadonlyMap<string, KeyObject>;

/**
 * Reads a JWK set. Entries of other kinds are left out, as RFC 7517 §5 wants; so is a key whose `kid` is not its
 * thumbprint: nobody may put another key under a known name.
 */
export function importJwks(
  jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | Jwks,
): VerificationKeys {
  const keys = new Map<string, KeyObject>();
  for (const { kty, crv, x, kid } of jwks.keys as readonly Readonly<Record<string, unknown>>[]) {
    if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || fromBase64url(x)?.length !== 32) continue;
    if (kid !== thumbprint(x)) continue;
    keys.set(kid, createPublicKey({ key: { kty, crv, x }, format: 'jwk' }));
  }
  return keys;
}

function signingKey(privateKey: KeyObject): SigningKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (privateKey.asymmetricKeyType !== 'ed25519' || x === undefined) throw new Error('A signing key must be Ed25519');
  const kid = thumbprint(x);
  return { kid, privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' } };
}

/** RFC 7638: SHA-256 of the required members in lexicographic order, base64url. */
function thumbprint(x: string): string {
  return Buffer.from(sha256Hex(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`), 'hex').toString('base64url');
}
