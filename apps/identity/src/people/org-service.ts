import { actorOf, ExpactiError, type Org, type OrgChange, type UserPrincipal } from '@expacti/contracts';
import type { Database } from '@expacti/persistence';
import { DATABASE, timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { fieldChanges } from '../domain/field-changes.js';
import { checkOrgChange } from '../domain/org-changes.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { OrgRow } from '../storage/org-row.js';
import { liveActor } from './live-actor.js';

const describe = (org: OrgRow) => ({
  name: org.name,
  timeout: org.timeout,
  one_person_approval: org.onePersonApproval,
  remember_dynamic: org.rememberDynamic,
  pending_limit: org.pendingLimit,
});

const present = (org: OrgRow): Org => ({
  id: org.id,
  eval: org.eval,
  ...describe(org),
  created_at: timestamp(org.createdAt),
  updated_at: timestamp(org.updatedAt),
  updated_by: org.updatedBy,
});

/** An org and its settings. */
@Injectable()
export class OrgService {
  readonly #database: Database;
  readonly #writer: IdentityWriter;

  constructor(@Inject(DATABASE) database: Database, @Inject(IdentityWriter) writer: IdentityWriter) {
    this.#database = database;
    this.#writer = writer;
  }

  get(id: string): Promise<Org> {
    return this.#database.read(async (manager) => present(await findOrg(manager, id)));
  }

  /** Answers when every live gateway judges by the new settings. */
  update(principal: UserPrincipal, change: OrgChange): Promise<Org> {
    return this.#writer.change(principal.org, async (unit) => {
      const actor = await liveActor(unit.manager, principal, 'org:write');
      const before = await findOrg(unit.manager, principal.org);
      checkOrgChange(actor.roles, before, change);
      const after: OrgRow = {
        ...before,
        name: change.name ?? before.name,
        timeout: change.timeout ?? before.timeout,
        onePersonApproval: change.one_person_approval ?? before.onePersonApproval,
        rememberDynamic: change.remember_dynamic ?? before.rememberDynamic,
        pendingLimit: change.pending_limit ?? before.pendingLimit,
        updatedAt: unit.now,
        updatedBy: actor.name,
      };
      const { id, freshness: _, ...settings } = after;
      await unit.manager.update(OrgRow, { id }, settings);
      const changes = fieldChanges(describe(before), describe(after));
      unit.record('org.updated', actorOf(principal), { type: 'org', id }, changes);
      unit.forget();
      return present(after);
    });
  }
}

async function findOrg(manager: EntityManager, id: string): Promise<OrgRow> {
  const org = await manager.findOneBy(OrgRow, { id });
  if (org === null) throw new ExpactiError('NOT_FOUND', 'There is no such org.');
  return org;
}
