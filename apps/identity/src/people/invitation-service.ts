import { type AcceptInvitation, actorOf, ExpactiError, type User } from '@expacti/contracts';
import { hashToken } from '@expacti/crypto';
import type { Database } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { fieldChanges } from '../domain/field-changes.js';
import { userPrincipal } from '../domain/principals.js';
import { EvalMode } from '../eval-mode.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { personalWords } from '../passwords/personal-words.js';
import { refuseWellKnown } from '../passwords/well-known-passwords.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { InvitationRow } from '../storage/invitation-row.js';
import { OrgRow } from '../storage/org-row.js';
import { UserRow } from '../storage/user-row.js';
import { describeUser, presentUser } from './user-presentation.js';

/** What an invited person does first: choose a password. */
@Injectable()
export class InvitationService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #writer: IdentityWriter;
  readonly #evalMode: EvalMode;
  readonly #passwords: PasswordHasher;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(IdentityWriter) writer: IdentityWriter,
    @Inject(EvalMode) evalMode: EvalMode,
    @Inject(PasswordHasher) passwords: PasswordHasher,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#writer = writer;
    this.#evalMode = evalMode;
    this.#passwords = passwords;
  }

  /** Works once, within seven days. @throws UNAUTHENTICATED */
  async accept({ token, password }: AcceptInvitation): Promise<User> {
    const tokenHash = hashToken(token);
    const invited = await this.#database.read((manager) => this.#invited(manager, tokenHash));
    await refuseWellKnown(password, personalWords(invited), 'password');
    const passwordHash = await this.#passwords.hash(password);
    return this.#writer.change(invited.org, async (unit) => {
      const before = await this.#invited(unit.manager, tokenHash);
      const after = { ...before, passwordHash };
      await unit.manager.delete(InvitationRow, { org: before.org, userId: before.id });
      await unit.manager.update(UserRow, { org: before.org, id: before.id }, { passwordHash });
      const changes = fieldChanges(describeUser(before), describeUser(after));
      unit.record('user.updated', actorOf(userPrincipal(after, null)), { type: 'user', id: after.id }, changes);
      return presentUser(after);
    });
  }

  async #invited(manager: EntityManager, tokenHash: string): Promise<UserRow> {
    const invitation = await manager.findOneBy(InvitationRow, { tokenHash });
    const org = invitation && (await manager.findOneBy(OrgRow, { id: invitation.org }));
    const user = invitation && (await manager.findOneBy(UserRow, { org: invitation.org, id: invitation.userId }));
    const isValid = invitation && org && user?.active && invitation.expiresAt > this.#clock.now();
    if (isValid && this.#evalMode.admits(org)) return user;
    throw new ExpactiError('UNAUTHENTICATED', 'This invitation is not valid any more. Ask for a new one.');
  }
}
