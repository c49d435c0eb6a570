import { type Actor, actorOf } from '@expacti/contracts';
import { In, IsNull, MoreThan } from 'typeorm';
import { userPrincipal } from '../domain/principals.js';
import type { ChangeUnit } from '../storage/change-unit.js';
import { SignInRow } from '../storage/sign-in-row.js';
import type { UserRow } from '../storage/user-row.js';

/** Which sign-ins of a person end, why, and who ends them (the person, if nobody else is named). */
interface Ending {
  only?: string;
  except?: string | null;
  reason: string;
  by?: Actor;
}

/** Revokes live sign-ins of one person within a transaction; gateways refuse them before the change is answered. */
export async function endSignIns(unit: ChangeUnit, user: UserRow, ending: Ending): Promise<void> {
  const live = await unit.manager.findBy(SignInRow, {
    org: user.org,
    userId: user.id,
    revokedAt: IsNull(),
    expiresAt: MoreThan(unit.now),
  });
  const ids = live
    .map(({ id }) => id)
    .filter((id) => (ending.only === undefined || id === ending.only) && id !== ending.except);
  if (ids.length === 0) return;
  await unit.manager.update(SignInRow, { org: user.org, id: In(ids) }, { revokedAt: unit.now });
  const actor = ending.by ?? actorOf(userPrincipal(user, null));
  unit.record('user.signed_out', actor, { type: 'user', id: user.id }, { reason: ending.reason, sign_in_ids: ids });
  unit.forget({ sign_in_ids: ids });
}
