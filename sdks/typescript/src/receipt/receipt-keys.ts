import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Jwks } from '../wire/types.js';

/** The server's Ed25519 keys by `kid`. Keys that are not well formed are left out, so that nothing verifies by them. */
export class ReceiptKeys {
  private readonly keys = new Map<string, KeyObject>();
  private readonly pinned: boolean;

  /** @param pinned When given, these keys alone count, and what the server publishes is ignored. */
  constructor(pinned?: Jwks) {
    this.pinned = pinned !== undefined;
    if (pinned) this.read(pinned);
  }

  add(published: Jwks): void {
    if (!this.pinned) this.read(published);
  }

  find(kid: string): KeyObject | undefined {
    return this.keys.get(kid);
  }

  private read(jwks: Jwks): void {
    const keys: unknown = jwks?.keys;
    if (!Array.isArray(keys)) return;
    for (const jwk of keys as Jwks['keys']) {
      if (jwk?.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string') continue;
      try {
        this.keys.set(jwk.kid, createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' }));
      } catch {
        // Not a usable key: receipts that name it will not verify.
      }
    }
  }
}
