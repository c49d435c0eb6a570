import {
  actorOf,
  ExpactiError,
  type InvitedUser,
  type NewUser,
  type User,
  type UserChange,
  type UserPrincipal,
} from '@expacti/contracts';
import { hashToken, newSecret } from '@expacti/crypto';
import { type Database, newId } from '@expacti/persistence';
import { DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { INVITATION_MS } from '../domain/durations.js';
import { fieldChanges, goneFields, newFields } from '../domain/field-changes.js';
import { checkGrant, checkMayChange, checkOwnerRemains, checkUserChange } from '../domain/user-changes.js';
import { endSignIns } from '../sign-in/end-sign-ins.js';
import type { ChangeUnit } from '../storage/change-unit.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { InvitationRow } from '../storage/invitation-row.js';
import { type ListRequest, listPage } from '../storage/list-page.js';
import { RefreshTokenRow } from '../storage/refresh-token-row.js';
import { SignInRow } from '../storage/sign-in-row.js';
import { refuseTaken } from '../storage/unique-name.js';
import { UserRow } from '../storage/user-row.js';
import { liveActor } from './live-actor.js';
import { describeUser, hasCredential, presentUser } from './user-presentation.js';

const subjectOf = (user: UserRow) => ({ type: 'user', id: user.id });

/** The people of an org. */
@Injectable()
export class UserService {
  readonly #database: Database;
  readonly #writer: IdentityWriter;

  constructor(@Inject(DATABASE) database: Database, @Inject(IdentityWriter) writer: IdentityWriter) {
    this.#database = database;
    this.#writer = writer;
  }

  list(principal: UserPrincipal, request: ListRequest): Promise<{ data: User[]; next_cursor: string | null }> {
    return this.#database.read(async (manager) => {
      await liveActor(manager, principal, 'users:read');
      const page = await listPage(manager, UserRow, principal.org, request, ['name', 'email']);
      return { data: page.rows.map(presentUser), next_cursor: page.nextCursor };
    });
  }

  get(principal: UserPrincipal, id: string): Promise<User> {
    return this.#database.read(async (manager) => {
      await liveActor(manager, principal, 'users:read');
      return presentUser(await findUser(manager, principal.org, id));
    });
  }

  /** The only answer that ever holds the invitation token. */
  invite(principal: UserPrincipal, request: NewUser): Promise<InvitedUser> {
    return this.#writer.change(principal.org, async (unit) => {
      const actor = await liveActor(unit.manager, principal, 'users:write');
      checkGrant(actor, request.roles);
      const user: UserRow = {
        id: newId('usr'),
        org: principal.org,
        email: request.email,
        name: request.name,
        roles: [...new Set(request.roles)],
        active: true,
        passwordHash: null,
        demo: false,
        createdAt: unit.now,
        lastSignInAt: null,
      };
      await refuseTaken('There is an account with this e-mail already.', unit.manager.insert(UserRow, user));
      const token = `invite_${newSecret()}`;
      const invitation = { tokenHash: hashToken(token), org: user.org, userId: user.id };
      await unit.manager.insert(InvitationRow, { ...invitation, expiresAt: unit.now + INVITATION_MS });
      unit.record('user.created', actorOf(principal), subjectOf(user), newFields(describeUser(user)));
      return { ...presentUser(user), invitation_token: token };
    });
  }

  update(principal: UserPrincipal, id: string, change: UserChange): Promise<User> {
    return this.#writer.change(principal.org, async (unit) => {
      const actor = await liveActor(unit.manager, principal, 'users:write');
      const before = await findUser(unit.manager, principal.org, id);
      checkUserChange(actor, before, change);
      const after: UserRow = {
        ...before,
        name: change.name ?? before.name,
        roles: change.roles === undefined ? before.roles : [...new Set(change.roles)],
        active: change.active ?? before.active,
      };
      const { name, roles, active } = after;
      await unit.manager.update(UserRow, { org: principal.org, id }, { name, roles, active });
      await checkOwnerStays(unit);
      const changes = fieldChanges(describeUser(before), describeUser(after));
      if (Object.keys(changes).length > 0) unit.record('user.updated', actorOf(principal), subjectOf(after), changes);
      if (!active) await endSignIns(unit, after, { reason: 'the account was deactivated', by: actorOf(principal) });
      // Open connections act with the roles that they began with, so a change of roles ends them too.
      const isCutOff = !active || changes.roles !== undefined;
      unit.forget(isCutOff ? { user_ids: [id] } : {});
      return presentUser(after);
    });
  }

  delete(principal: UserPrincipal, id: string): Promise<void> {
    return this.#writer.change(principal.org, async (unit) => {
      const actor = await liveActor(unit.manager, principal, 'users:write');
      const user = await findUser(unit.manager, principal.org, id);
      checkMayChange(actor, user);
      const signIns = await unit.manager.findBy(SignInRow, { org: user.org, userId: id });
      const ids = signIns.map((signIn) => signIn.id);
      await unit.manager.delete(RefreshTokenRow, { org: user.org, signInId: In(ids) });
      await unit.manager.delete(SignInRow, { org: user.org, userId: id });
      await unit.manager.delete(InvitationRow, { org: user.org, userId: id });
      await unit.manager.delete(UserRow, { org: user.org, id });
      await checkOwnerStays(unit);
      unit.record('user.deleted', actorOf(principal), subjectOf(user), goneFields(describeUser(user)));
      unit.forget({ user_ids: [id], sign_in_ids: ids });
    });
  }
}

/** @throws NOT_FOUND also for a person of another org */
async function findUser(manager: EntityManager, org: string, id: string): Promise<UserRow> {
  const user = await manager.findOneBy(UserRow, { org, id });
  if (user === null) throw new ExpactiError('NOT_FOUND', 'There is no such person.');
  return user;
}

async function checkOwnerStays(unit: ChangeUnit): Promise<void> {
  const active = await unit.manager.findBy(UserRow, { org: unit.org, active: true });
  checkOwnerRemains(active.filter((user) => user.roles.includes('owner') && hasCredential(user)).map(({ id }) => id));
}
