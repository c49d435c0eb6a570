import type { AuditEntry } from '../api/types.js';
import { sha256Hex } from '../command/sha256.js';
import { canonicalJson } from './canonical-json.js';

export type ChainFinding =
  | { kind: 'whole'; checked: number }
  | { kind: 'broken'; sequence: number; why: string }
  /** The browser gives no hash function to pages that were not served securely. */
  | { kind: 'unavailable' };

/** Computes the hash of each entry again and compares the links. The entries may come in any order. */
export async function checkChain(entries: readonly AuditEntry[]): Promise<ChainFinding> {
  const ordered = entries.toSorted((a, b) => a.sequence - b.sequence);
  let previous: AuditEntry | undefined;
  for (const entry of ordered) {
    const { hash, previous_hash, ...rest } = entry;
    const computed = await sha256Hex(previous_hash + canonicalJson(rest));
    if (computed === null) return { kind: 'unavailable' };
    if (computed !== hash)
      return { kind: 'broken', sequence: entry.sequence, why: 'its content does not give its hash.' };
    if (previous && entry.sequence !== previous.sequence + 1)
      return { kind: 'broken', sequence: entry.sequence, why: 'an entry before it is missing.' };
    if (previous && previous_hash !== previous.hash)
      return { kind: 'broken', sequence: entry.sequence, why: 'it does not follow the entry before it.' };
    previous = entry;
  }
  return { kind: 'whole', checked: ordered.length };
}
