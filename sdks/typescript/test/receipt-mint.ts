import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ReceiptClaims } from '../src/receipt/claims.js';
import type { Jwks } from '../src/wire/types.js';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs receipts as a server would, and wrongly where a test asks for it. */
export class ReceiptMint {
  private readonly privateKey: KeyObject;
  readonly jwks: Jwks;
  readonly kid: string;

  constructor(kid = 'test-key') {
    const pair = generateKeyPairSync('ed25519');
    const { x = '' } = pair.publicKey.export({ format: 'jwk' });
    this.privateKey = pair.privateKey;
    this.kid = kid;
    this.jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' }] };
  }

  sign(claims: Partial<ReceiptClaims>, header: Record<string, unknown> = {}): string {
    const signed = `${part({ alg: 'EdDSA', kid: this.kid, ...header })}.${part(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.privateKey).toString('base64url')}`;
  }
}
