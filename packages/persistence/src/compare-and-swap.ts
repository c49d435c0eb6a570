import type { EntityManager, EntityTarget, FindOptionsWhere, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';

/** A row whose every change raises `version` by one. */
export type Versioned = ObjectLiteral & { version: number };

/**
 * Changes the row that `where` names only if it still has `expectedVersion`, and makes the version one higher.
 * Of several callers that saw the same version exactly one gets true; the others change nothing.
 */
export async function compareAndSwap<Entity extends Versioned>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  where: FindOptionsWhere<Entity>,
  expectedVersion: number,
  changes: QueryDeepPartialEntity<Entity>,
): Promise<boolean> {
  const result = await manager.update(
    entity,
    { ...where, version: expectedVersion } as FindOptionsWhere<Entity>,
    { ...changes, version: expectedVersion + 1 } as QueryDeepPartialEntity<Entity>,
  );
  return result.affected === 1;
}
