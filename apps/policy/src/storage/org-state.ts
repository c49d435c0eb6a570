import { serialize } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';
import { LessThanOrEqual } from 'typeorm';
import { REMEMBERED_VERSIONS } from '../domain/limits.js';
import { OrgRow } from './org-row.js';
import { RemovedRuleRow } from './removed-rule-row.js';

/** How often (in versions) old removals are forgotten. */
const FORGET_EVERY = 100;

/**
 * From here on nobody else changes anything of the org. It comes first in every transaction that reads and then writes: what
 * was read stays true, and a reader who sees a version also sees everything before it.
 */
export const lockOrg = (manager: EntityManager, org: string): Promise<void> => serialize(manager, `policy:${org}`);

/** Makes the org's version one higher and returns its row. */
export async function nextVersion(manager: EntityManager, org: string): Promise<OrgRow> {
  await lockOrg(manager, org);
  const advance = () => manager.increment(OrgRow, { org }, 'version', 1);
  if ((await advance()).affected === 0) {
    const first = { org, version: 0, ruleCount: 0, forgottenVersion: 0 };
    await manager.createQueryBuilder().insert().into(OrgRow).values(first).orIgnore().execute();
    await advance();
  }
  const row = await manager.findOneByOrFail(OrgRow, { org });
  if (row.version % FORGET_EVERY === 0) await forgetOldRemovals(manager, row);
  return row;
}

/** The org's row as it is; an org that has never changed anything is at version 0. */
export async function orgState(manager: EntityManager, org: string): Promise<OrgRow> {
  return (await manager.findOneBy(OrgRow, { org })) ?? { org, version: 0, ruleCount: 0, forgottenVersion: 0 };
}

export async function addToRuleCount(manager: EntityManager, org: string, added: number): Promise<void> {
  await manager.increment(OrgRow, { org }, 'ruleCount', added);
}

async function forgetOldRemovals(manager: EntityManager, { org, version }: OrgRow): Promise<void> {
  const forgottenVersion = version - REMEMBERED_VERSIONS;
  if (forgottenVersion <= 0) return;
  await manager.update(OrgRow, { org }, { forgottenVersion });
  await manager.delete(RemovedRuleRow, { org, version: LessThanOrEqual(forgottenVersion) });
}
