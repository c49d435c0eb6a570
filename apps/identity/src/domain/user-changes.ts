import { ExpactiError, type RoleName, type UserChange } from '@expacti/contracts';

/** As much of a person as the rules about people look at. */
export interface Person {
  id: string;
  roles: readonly RoleName[];
}

const isOwner = (person: Pick<Person, 'roles'>) => person.roles.includes('owner');

/** Only owners make owners. */
export function checkGrant(actor: Person, roles: readonly RoleName[]): void {
  if (isOwner({ roles }) && !isOwner(actor))
    throw new ExpactiError('FORBIDDEN', 'Only an owner makes somebody an owner.');
}

/** Only owners touch owners: an admin who could deactivate them would be one. */
export function checkMayChange(actor: Person, target: Person): void {
  if (isOwner(target) && !isOwner(actor))
    throw new ExpactiError('FORBIDDEN', 'Only an owner may change or remove an owner.');
}

/** Whether `actor` may make `change` to `target`; leaves the last owner to `checkOwnerRemains`. */
export function checkUserChange(actor: Person, target: Person, change: UserChange): void {
  checkMayChange(actor, target);
  if (change.roles === undefined) return;
  checkGrant(actor, change.roles);
  const isRaised = change.roles.some((role) => !target.roles.includes(role));
  if (actor.id === target.id && isRaised) throw new ExpactiError('FORBIDDEN', 'Nobody raises their own roles.');
}

/** @param owners the ids of the owners who could sign in after the change */
export function checkOwnerRemains(owners: readonly string[]): void {
  if (owners.length === 0) throw new ExpactiError('FORBIDDEN', 'An org keeps at least one owner who can sign in.');
}
