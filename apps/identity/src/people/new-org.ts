import type { Actor } from '@expacti/contracts';
import { newFields } from '../domain/field-changes.js';
import type { ChangeUnit } from '../storage/change-unit.js';
import { OrgRow } from '../storage/org-row.js';
import { UserRow } from '../storage/user-row.js';
import { describeUser } from './user-presentation.js';

/** Makes an org with safe settings, and its first owner. One-person approval is a choice on record from the first day. */
export async function insertNewOrg(
  unit: ChangeUnit,
  actor: Actor,
  choices: { name: string; eval: boolean; onePersonApproval: boolean },
  owner: UserRow,
): Promise<OrgRow> {
  const org: OrgRow = {
    id: unit.org,
    ...choices,
    timeout: { action: 'deny', seconds: 60 },
    rememberDynamic: 'session',
    pendingLimit: 50,
    freshness: 0,
    createdAt: unit.now,
    updatedAt: unit.now,
    updatedBy: null,
  };
  await unit.manager.insert(OrgRow, org);
  await unit.manager.insert(UserRow, owner);
  const settings = { name: org.name, eval: org.eval, one_person_approval: org.onePersonApproval, timeout: org.timeout };
  unit.record('org.created', actor, { type: 'org', id: org.id }, newFields(settings));
  unit.record('user.created', actor, { type: 'user', id: owner.id }, newFields(describeUser(owner)));
  return org;
}
