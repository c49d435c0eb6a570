import {
  actorOf,
  ExpactiError,
  type NewTargetGroup,
  type TargetGroup,
  type TargetGroupChange,
  type UserPrincipal,
} from '@expacti/contracts';
import { type Database, newId } from '@expacti/persistence';
import { fact, timestamp } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import { changedFields } from '../domain/changed-fields.js';
import { MAX_TARGET_GROUPS } from '../domain/limits.js';
import { countRulesOfScope } from '../storage/rule-repository.js';
import {
  countTargetGroups,
  deleteTargetGroup,
  findTargetGroup,
  findTargetGroupByName,
  saveTargetGroup,
} from '../storage/target-repository.js';
import type { PolicyChanges } from './policy-changes.js';

/** Groups of targets, for rules to be bound to. Who is in a group is said by its targets. */
export class TargetGroupService {
  readonly #database: Database;
  readonly #changes: PolicyChanges;

  constructor(ports: { database: Database; changes: PolicyChanges }) {
    this.#database = ports.database;
    this.#changes = ports.changes;
  }

  get(org: string, id: string): Promise<TargetGroup> {
    return this.#database.read((manager) => existingGroup(manager, org, id));
  }

  create(principal: UserPrincipal, request: NewTargetGroup): Promise<TargetGroup> {
    const { org } = principal;
    return this.#changes.make(org, async ({ manager, now }) => {
      if ((await countTargetGroups(manager, org)) >= MAX_TARGET_GROUPS)
        throw new ExpactiError('NOT_SUPPORTED', `An organisation holds at most ${MAX_TARGET_GROUPS} target groups.`);
      const group: TargetGroup = {
        id: newId('grp'),
        name: request.name,
        description: request.description ?? null,
        target_ids: [],
        created_at: timestamp(now),
      };
      await refuseTakenName(manager, org, group);
      await saveTargetGroup(manager, org, group);
      const facts = [groupFact('target_group.created', principal, group, { ...group }, now)];
      return { result: group, facts, tendency: 'loosens' };
    });
  }

  update(principal: UserPrincipal, id: string, change: TargetGroupChange): Promise<TargetGroup> {
    const { org } = principal;
    return this.#changes.make(org, async ({ manager, now }) => {
      const before = await existingGroup(manager, org, id);
      const after: TargetGroup = {
        ...before,
        name: change.name ?? before.name,
        description: change.description === undefined ? before.description : change.description,
      };
      await refuseTakenName(manager, org, after);
      await saveTargetGroup(manager, org, after);
      const fields = changedFields({ ...before }, { ...after });
      return {
        result: after,
        facts: [groupFact('target_group.updated', principal, after, fields, now)],
        tendency: 'loosens',
      };
    });
  }

  async delete(principal: UserPrincipal, id: string): Promise<void> {
    const { org } = principal;
    await this.#changes.make(org, async ({ manager, now }) => {
      const group = await existingGroup(manager, org, id);
      const rules = await countRulesOfScope(manager, org, { type: 'group', id }, now);
      const targets = group.target_ids.length;
      const uses = [
        ...(rules > 0 ? [rules === 1 ? 'one rule is bound to it' : `${rules} rules are bound to it`] : []),
        ...(targets > 0 ? [targets === 1 ? 'one target is in it' : `${targets} targets are in it`] : []),
      ];
      if (uses.length > 0) throw new ExpactiError('IN_USE', `${group.name} is in use: ${uses.join(', ')}.`);
      await deleteTargetGroup(manager, org, id);
      const facts = [groupFact('target_group.deleted', principal, group, { ...group }, now)];
      return { result: undefined, facts, tendency: 'tightens' };
    });
  }
}

function groupFact(
  type: 'target_group.created' | 'target_group.updated' | 'target_group.deleted',
  principal: UserPrincipal,
  group: TargetGroup,
  fields: Record<string, unknown>,
  now: number,
) {
  const subject = { type: 'target_group', id: group.id };
  return fact(type, principal.org, group.id, now, { actor: actorOf(principal), subject, data: { fields } });
}

async function existingGroup(manager: EntityManager, org: string, id: string): Promise<TargetGroup> {
  const group = await findTargetGroup(manager, org, id);
  if (group === null) throw new ExpactiError('NOT_FOUND', 'There is no such target group.');
  return group;
}

async function refuseTakenName(manager: EntityManager, org: string, group: TargetGroup): Promise<void> {
  const other = await findTargetGroupByName(manager, org, group.name);
  if (other !== null && other.id !== group.id)
    throw new ExpactiError('ALREADY_EXISTS', `A target group is called ${group.name} already.`);
}
