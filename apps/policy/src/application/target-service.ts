import {
  actorOf,
  ExpactiError,
  type NewTarget,
  type Target,
  type TargetChange,
  type UserPrincipal,
} from '@expacti/contracts';
import { type Database, newId } from '@expacti/persistence';
import { fact, timestamp } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import { changedFields } from '../domain/changed-fields.js';
import { MAX_TARGETS } from '../domain/limits.js';
import { countRulesOfScope } from '../storage/rule-repository.js';
import {
  countTargets,
  deleteTarget,
  findTarget,
  findTargetByName,
  saveTarget,
  unknownGroups,
} from '../storage/target-repository.js';
import type { PolicyChanges } from './policy-changes.js';

/** The machines that commands are for. Any change of one may tighten (another shell, a group with deny rules), so all do. */
export class TargetService {
  readonly #database: Database;
  readonly #changes: PolicyChanges;

  constructor(ports: { database: Database; changes: PolicyChanges }) {
    this.#database = ports.database;
    this.#changes = ports.changes;
  }

  get(org: string, id: string): Promise<Target> {
    return this.#database.read((manager) => existingTarget(manager, org, id));
  }

  create(principal: UserPrincipal, request: NewTarget): Promise<Target> {
    const { org } = principal;
    return this.#changes.make(org, async ({ manager, now }) => {
      if ((await countTargets(manager, org)) >= MAX_TARGETS)
        throw new ExpactiError('NOT_SUPPORTED', `An organisation registers at most ${MAX_TARGETS} targets.`);
      const target: Target = {
        id: newId('tgt'),
        name: request.name,
        description: request.description ?? null,
        shell: request.shell ?? null,
        production: request.production ?? false,
        group_ids: [...new Set(request.group_ids ?? [])].toSorted(),
        created_at: timestamp(now),
      };
      await refuseTakenName(manager, org, target);
      await refuseUnknownGroups(manager, org, target.group_ids);
      await saveTarget(manager, org, target);
      const facts = [targetFact('target.created', principal, target, { ...target }, now)];
      return { result: target, facts, tendency: 'tightens' };
    });
  }

  update(principal: UserPrincipal, id: string, change: TargetChange): Promise<Target> {
    const { org } = principal;
    return this.#changes.make(org, async ({ manager, now }) => {
      const before = await existingTarget(manager, org, id);
      const after: Target = {
        ...before,
        name: change.name ?? before.name,
        description: change.description === undefined ? before.description : change.description,
        shell: change.shell === undefined ? before.shell : change.shell,
        production: change.production ?? before.production,
        group_ids: [...new Set(change.group_ids ?? before.group_ids)].toSorted(),
      };
      await refuseTakenName(manager, org, after);
      await refuseUnknownGroups(manager, org, after.group_ids);
      await saveTarget(manager, org, after);
      const facts = [targetFact('target.updated', principal, after, changedFields({ ...before }, { ...after }), now)];
      return { result: after, facts, tendency: 'tightens' };
    });
  }

  async delete(principal: UserPrincipal, id: string): Promise<void> {
    const { org } = principal;
    await this.#changes.make(org, async ({ manager, now }) => {
      const target = await existingTarget(manager, org, id);
      const rules = await countRulesOfScope(manager, org, { type: 'target', id }, now);
      if (rules > 0) {
        const bound = rules === 1 ? 'One rule is' : `${rules} rules are`;
        throw new ExpactiError('IN_USE', `${bound} bound to ${target.name}. Delete or change them first.`);
      }
      await deleteTarget(manager, org, id);
      const facts = [targetFact('target.deleted', principal, target, { ...target }, now)];
      return { result: undefined, facts, tendency: 'tightens' };
    });
  }
}

function targetFact(
  type: 'target.created' | 'target.updated' | 'target.deleted',
  principal: UserPrincipal,
  target: Target,
  fields: Record<string, unknown>,
  now: number,
) {
  const subject = { type: 'target', id: target.id };
  return fact(type, principal.org, target.id, now, { actor: actorOf(principal), subject, data: { fields } });
}

async function existingTarget(manager: EntityManager, org: string, id: string): Promise<Target> {
  const target = await findTarget(manager, org, id);
  if (target === null) throw new ExpactiError('NOT_FOUND', 'There is no such target.');
  return target;
}

async function refuseTakenName(manager: EntityManager, org: string, target: Target): Promise<void> {
  const other = await findTargetByName(manager, org, target.name);
  if (other !== null && other.id !== target.id)
    throw new ExpactiError('ALREADY_EXISTS', `A target is called ${target.name} already.`);
}

async function refuseUnknownGroups(manager: EntityManager, org: string, groupIds: readonly string[]): Promise<void> {
  const unknown = await unknownGroups(manager, org, groupIds);
  if (unknown.length === 0) return;
  const fields = [{ path: 'group_ids', message: `names no target group: ${unknown.slice(0, 5).join(', ')}` }];
  throw new ExpactiError('INVALID', `group_ids names no target group: ${unknown.slice(0, 5).join(', ')}`, { fields });
}
