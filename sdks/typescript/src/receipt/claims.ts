/** What a receipt says, once its signature has been verified. Times are seconds since 1970 (RFC 7519). */
export interface ReceiptClaims {
  /** Command id. */
  sub: string;
  org: string;
  agent: string;
  session_id: string | null;
  target: string | null;
  shell: string;
  cwd: string | null;
  /** Lowercase hex of SHA-256 over the exact UTF-8 bytes of the text. */
  sha256: string;
  outcome: 'allowed';
  iat: number;
  exp: number;
  jti: string;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTextOrNull = (value: unknown): boolean => typeof value === 'string' || value === null || value === undefined;

/** Whether signed data has the shape of a receipt; anything else is refused, however well it is signed. */
export function isReceiptClaims(value: unknown): value is ReceiptClaims {
  if (typeof value !== 'object' || value === null) return false;
  const claims = value as Record<string, unknown>;
  return (
    ['sub', 'org', 'agent', 'shell', 'sha256', 'jti'].every((name) => isText(claims[name])) &&
    ['session_id', 'target', 'cwd'].every((name) => isTextOrNull(claims[name])) &&
    ['iat', 'exp'].every((name) => Number.isFinite(claims[name])) &&
    claims.outcome === 'allowed'
  );
}
