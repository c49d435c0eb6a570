/** Base64url without padding (RFC 4648 §5). */
export const toBase64url = (data: string | Uint8Array): string => Buffer.from(data as Uint8Array).toString('base64url');

/**
 * The bytes behind base64url text, or nothing if it is not the one canonical spelling of them: Node's own decoder skips
 * what it does not know, so that one signature would have many spellings.
 */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
