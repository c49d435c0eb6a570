import type { RuleScope, Target, TargetGroup } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import { type EntityManager, In } from 'typeorm';
import { containing } from './like-pattern.js';
import { TargetGroupRow, TargetMembershipRow, TargetRow } from './target-rows.js';

/** Whether what a rule would be bound to is there. */
export async function scopeExists(manager: EntityManager, org: string, scope: RuleScope): Promise<boolean> {
  switch (scope.type) {
    case 'global':
      return true;
    case 'target':
      return manager.existsBy(TargetRow, { org, id: scope.id });
    case 'group':
      return manager.existsBy(TargetGroupRow, { org, id: scope.id });
  }
}

export async function findTarget(manager: EntityManager, org: string, id: string): Promise<Target | null> {
  const row = await manager.findOneBy(TargetRow, { org, id });
  return row && ((await withGroups(manager, org, [row]))[0] ?? null);
}

export async function findTargetByName(manager: EntityManager, org: string, name: string): Promise<Target | null> {
  const row = await manager.findOneBy(TargetRow, { org, name });
  return row && ((await withGroups(manager, org, [row]))[0] ?? null);
}

/** What a page of a named list asks for; `before` is the id of the last one seen. */
export interface NamedPage {
  q?: string | undefined;
  limit: number;
  before: string | null;
}

/** Newest first. */
export async function listTargets(manager: EntityManager, org: string, page: NamedPage): Promise<Target[]> {
  const rows = await namedPage(manager, TargetRow, org, page);
  return withGroups(manager, org, rows);
}

/** Every target of the org: what a snapshot carries. */
export async function allTargets(manager: EntityManager, org: string): Promise<Target[]> {
  const rows = await manager.find(TargetRow, { where: { org }, order: { id: 'ASC' } });
  const groupsOf = groupIdsByTarget(await manager.findBy(TargetMembershipRow, { org }));
  return rows.map((row) => targetOfRow(row, groupsOf.get(row.id) ?? []));
}

export async function saveTarget(manager: EntityManager, org: string, target: Target): Promise<void> {
  const { id, name, description, shell, production } = target;
  await manager.upsert(
    TargetRow,
    { id, org, name, description, shell, production, createdAt: Date.parse(target.created_at) },
    ['id'],
  );
  await manager.delete(TargetMembershipRow, { org, targetId: id });
  const memberships = target.group_ids.map((groupId) => ({ org, targetId: id, groupId }));
  if (memberships.length > 0) await manager.insert(TargetMembershipRow, memberships);
}

export async function deleteTarget(manager: EntityManager, org: string, id: string): Promise<void> {
  await manager.delete(TargetMembershipRow, { org, targetId: id });
  await manager.delete(TargetRow, { org, id });
}

export const countTargets = (manager: EntityManager, org: string): Promise<number> =>
  manager.countBy(TargetRow, { org });

export async function findTargetGroup(manager: EntityManager, org: string, id: string): Promise<TargetGroup | null> {
  const row = await manager.findOneBy(TargetGroupRow, { org, id });
  return row && ((await withTargets(manager, org, [row]))[0] ?? null);
}

export async function findTargetGroupByName(
  manager: EntityManager,
  org: string,
  name: string,
): Promise<TargetGroup | null> {
  const row = await manager.findOneBy(TargetGroupRow, { org, name });
  return row && ((await withTargets(manager, org, [row]))[0] ?? null);
}

/** Newest first. */
export async function listTargetGroups(manager: EntityManager, org: string, page: NamedPage): Promise<TargetGroup[]> {
  return withTargets(manager, org, await namedPage(manager, TargetGroupRow, org, page));
}

export const countTargetGroups = (manager: EntityManager, org: string): Promise<number> =>
  manager.countBy(TargetGroupRow, { org });

/** Which of these ids name no group of the org. */
export async function unknownGroups(manager: EntityManager, org: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await manager.findBy(TargetGroupRow, { org, id: In([...ids]) });
  const known = new Set(rows.map((row) => row.id));
  return ids.filter((id) => !known.has(id));
}

export async function saveTargetGroup(manager: EntityManager, org: string, group: TargetGroup): Promise<void> {
  const { id, name, description } = group;
  await manager.upsert(TargetGroupRow, { id, org, name, description, createdAt: Date.parse(group.created_at) }, ['id']);
}

export async function deleteTargetGroup(manager: EntityManager, org: string, id: string): Promise<void> {
  await manager.delete(TargetGroupRow, { org, id });
}

async function namedPage<Row extends TargetRow | TargetGroupRow>(
  manager: EntityManager,
  entity: new () => Row,
  org: string,
  { q, limit, before }: NamedPage,
): Promise<Row[]> {
  const select = manager.createQueryBuilder(entity, 'item').where('item.org = :org', { org });
  if (before !== null) select.andWhere('item.id < :before', { before });
  if (q) {
    const found = `(LOWER(item.name) LIKE LOWER(:q) ESCAPE '\\' OR LOWER(item.description) LIKE LOWER(:q) ESCAPE '\\')`;
    select.andWhere(found, { q: containing(q) });
  }
  return select.orderBy('item.id', 'DESC').limit(limit).getMany();
}

async function withGroups(manager: EntityManager, org: string, rows: TargetRow[]): Promise<Target[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const groupsOf = groupIdsByTarget(await manager.findBy(TargetMembershipRow, { org, targetId: In(ids) }));
  return rows.map((row) => targetOfRow(row, groupsOf.get(row.id) ?? []));
}

async function withTargets(manager: EntityManager, org: string, rows: TargetGroupRow[]): Promise<TargetGroup[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const memberships = await manager.find(TargetMembershipRow, {
    where: { org, groupId: In(ids) },
    order: { targetId: 'ASC' },
  });
  const targetsOf = Map.groupBy(memberships, (membership) => membership.groupId);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    target_ids: (targetsOf.get(row.id) ?? []).map((membership) => membership.targetId),
    created_at: timestamp(row.createdAt),
  }));
}

function groupIdsByTarget(memberships: TargetMembershipRow[]): Map<string, string[]> {
  const byTarget = new Map<string, string[]>();
  for (const { targetId, groupId } of memberships) {
    const groups = byTarget.get(targetId);
    if (groups) groups.push(groupId);
    else byTarget.set(targetId, [groupId]);
  }
  return byTarget;
}

const targetOfRow = (row: TargetRow, groupIds: string[]): Target => ({
  id: row.id,
  name: row.name,
  description: row.description,
  shell: row.shell,
  production: row.production,
  group_ids: groupIds.toSorted(),
  created_at: timestamp(row.createdAt),
});
