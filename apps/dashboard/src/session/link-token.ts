/**
 * The one-time token of a link, from behind its `#`: what stands there is never sent to a server, so it is in no access
 * log and in no referrer.
 */
export const linkToken = (hash: string): string => new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';
