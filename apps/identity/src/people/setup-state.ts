import { serialize } from '@expacti/persistence';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { OrgRow } from '../storage/org-row.js';
import { SetupTokenRow } from '../storage/setup-token-row.js';

/** What prepares an installation for its first sign-in happens in one process at a time. */
export const lockSetup = (manager: EntityManager): Promise<void> => serialize(manager, 'identity:setup');

/** Whether the installation has no org of its own yet. What an evaluation left behind does not count: nobody can use it. */
export async function isSetupRequired(manager: EntityManager): Promise<boolean> {
  return (await manager.countBy(OrgRow, { eval: false })) === 0;
}

/** @param madeUntil only those that were made until then, in milliseconds since the epoch; otherwise all */
export async function forgetSetupTokens(manager: EntityManager, madeUntil?: number): Promise<void> {
  await manager.delete(SetupTokenRow, { createdAt: LessThanOrEqual(madeUntil ?? Number.MAX_SAFE_INTEGER) });
}
