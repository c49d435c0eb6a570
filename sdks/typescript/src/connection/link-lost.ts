/**
 * The way to the server broke before an answer came. Inside the SDK only: the caller of `submit` sees another attempt, or
 * `ExpactiUnavailable` when attempts have failed for too long.
 */
export class LinkLost extends Error {
  override readonly name = 'LinkLost';
}
