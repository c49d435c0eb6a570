import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fromBase64url, toBase64url } from './base64url.js';
import { sha256Hex } from './sha256.js';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'sealed1';

/** A new master key as text (32 random bytes, base64url), for a file that only the server can read. */
export const newMasterKey = (): string => randomBytes(KEY_BYTES).toString('base64url');

/** A sealed text cannot be opened: another key, another place, or it was changed. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Seals secrets before they are stored (signing keys, TOTP seeds, webhook secrets): AES-256-GCM under a master key that
 * is not in the database. `place` (`identity_totp:usr_…`) is authenticated along: a sealed text that was moved to
 * another row does not open. The form is `sealed1.<key id>.<iv>.<ciphertext and tag>`, base64url.
 */
export class Sealer {
  readonly #current: { id: string; key: Buffer };
  readonly #keys = new Map<string, Buffer>();

  /** The first key seals; the others are older ones that still open. */
  constructor(masterKeys: readonly [string, ...string[]]) {
    const keys = masterKeys.map(parseMasterKey);
    for (const { id, key } of keys) this.#keys.set(id, key);
    this.#current = keys[0] as { id: string; key: Buffer };
  }

  seal(secret: string | Uint8Array, place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#current.key, iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([
      cipher.update(Buffer.from(secret as Uint8Array)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return [VERSION, this.#current.id, toBase64url(iv), toBase64url(sealed)].join('.');
  }

  /** The secret's bytes. Throws `SealBroken`. */
  open(text: string, place: string): Buffer {
    const [version, id = '', iv, sealed, ...rest] = text.split('.');
    const key = this.#keys.get(id);
    const nonce = fromBase64url(iv ?? '');
    const bytes = fromBase64url(sealed ?? '');
    const isWhole = version === VERSION && rest.length === 0 && nonce?.length === IV_BYTES;
    if (!isWhole || bytes === undefined || bytes.length < TAG_BYTES)
      throw new SealBroken('This is not a sealed secret');
    if (key === undefined) throw new SealBroken('The master key that sealed this is not among those given');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw new SealBroken('The sealed secret was changed, or belongs to another place');
    }
  }
}

function parseMasterKey(text: string): { id: string; key: Buffer } {
  const key = fromBase64url(text.trim());
  if (key?.length !== KEY_BYTES) throw new Error('The master key must be 32 bytes in base64url (43 characters)');
  return { id: sha256Hex(key).slice(0, 8), key };
}
