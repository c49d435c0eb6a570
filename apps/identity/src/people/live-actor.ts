import { ExpactiError, type Permission, type UserPrincipal } from '@expacti/contracts';
import type { EntityManager } from 'typeorm';
import { permissionsOf } from '../domain/principals.js';
import { UserRow } from '../storage/user-row.js';

/**
 * The person who asks, as the database knows them now. What they may do is judged by this row, not by what a gateway
 * remembered of it.
 * @throws UNAUTHENTICATED when the person is gone or deactivated, FORBIDDEN when the permission is not theirs (any more)
 */
export async function liveActor(
  manager: EntityManager,
  principal: UserPrincipal,
  permission: Permission | null,
): Promise<UserRow> {
  const actor = await manager.findOneBy(UserRow, { id: principal.id, org: principal.org });
  if (actor === null || !actor.active)
    throw new ExpactiError('UNAUTHENTICATED', 'This account is not active any more.');
  if (permission !== null && !permissionsOf(actor.roles).includes(permission)) {
    throw new ExpactiError('FORBIDDEN', `This needs the permission ${permission}.`);
  }
  return actor;
}
