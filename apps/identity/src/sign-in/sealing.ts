import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** @param purpose what the text is; a sealed text opens only for the purpose that it was sealed for */
export function seal(masterKey: Buffer, purpose: string, text: string): string {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Null when it was sealed with another key or for another purpose, or was changed. */
export function unseal(masterKey: Buffer, purpose: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_LENGTH + TAG_LENGTH) return null;
  const nonce = bytes.subarray(0, NONCE_LENGTH);
  const decipher = createDecipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(Buffer.from(purpose));
  decipher.setAuthTag(bytes.subarray(NONCE_LENGTH, NONCE_LENGTH + TAG_LENGTH));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_LENGTH + TAG_LENGTH)), decipher.final()]).toString(
      'utf8',
    );
  } catch {
    return null;
  }
}
