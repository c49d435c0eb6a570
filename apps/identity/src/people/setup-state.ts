import type { EntityManager } from 'typeorm';
import { OrgRow } from '../storage/org-row.js';

/** Whether the installation has no org of its own yet. What an evaluation left behind does not count: nobody can use it. */
export async function isSetupRequired(manager: EntityManager): Promise<boolean> {
  return (await manager.countBy(OrgRow, { eval: false })) === 0;
}
