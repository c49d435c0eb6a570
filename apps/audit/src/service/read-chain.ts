import type { AuditEntry } from '@expacti/contracts';
import type { EntityManager } from 'typeorm';
import { EntryRow } from '../storage/entry-row.js';
import { exportEntries } from '../storage/entry-store.js';

const PAGE = 500;

/** The orgs that have a chain. */
export async function chainedOrgs(manager: EntityManager): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder(EntryRow, 'entry')
    .select('entry.org', 'org')
    .distinct(true)
    .getRawMany<{ org: string }>();
  return rows.map(({ org }) => org);
}

/** An org's chain, oldest first, as its verifier wants it; whatever its length, a page of it is in memory. */
export async function* readChain(manager: EntityManager, org: string): AsyncGenerator<AuditEntry> {
  let after = 0;
  for (;;) {
    const entries = await exportEntries(manager, org, after, PAGE);
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return;
    after = last.sequence;
  }
}
