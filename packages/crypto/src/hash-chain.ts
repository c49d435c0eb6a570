import canonicalize from 'canonicalize';
import { sha256Hex } from './sha256.js';

/** The `previous_hash` of an org's first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** What ties an entry to all that came before it. */
export interface Link {
  /** 1 for the first entry of a chain, then without gaps. */
  readonly sequence: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

export type Chained<Entry> = Entry & Link & { readonly previous_hash: string };

/**
 * The entry that follows `previous` (nothing for the first): `hash` is SHA-256 of `previous_hash` followed by the
 * canonical JSON (RFC 8785) of the entry without its two hash fields.
 *
 * Throws for what canonical JSON cannot hold: NaN, infinities, and text with lone surrogates. Pass data that came from
 * outside through `toWellFormed` first.
 */
export function chainEntry<Entry extends object>(previous: Link | undefined, entry: Entry): Chained<Entry> {
  const previous_hash = previous?.hash ?? GENESIS_HASH;
  const numbered = { ...entry, sequence: (previous?.sequence ?? 0) + 1 };
  return { ...numbered, previous_hash, hash: entryHash(previous_hash, numbered) };
}

/** The hash that an entry must have. Fields `hash` and `previous_hash` of `entry` are left out. */
export function entryHash(previousHash: string, entry: object): string {
  const { hash: _hash, previous_hash: _previous, ...body } = entry as Record<string, unknown>;
  return sha256Hex(previousHash + (canonicalize(body) ?? ''));
}

/** A copy of JSON data in which every lone surrogate is U+FFFD, in names too. */
export function toWellFormed<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map(toWellFormed) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name.toWellFormed(), toWellFormed(member)]);
  return Object.fromEntries(entries) as T;
}
