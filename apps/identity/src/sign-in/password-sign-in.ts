import { actorOf, ExpactiError, type RpcHandled, SYSTEM_ACTOR, type UserPrincipal } from '@expacti/contracts';
import type { Database } from '@expacti/persistence';
import { DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EvalMode } from '../eval-mode.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { personalWords } from '../passwords/personal-words.js';
import { refuseWellKnown } from '../passwords/well-known-passwords.js';
import { liveActor } from '../people/live-actor.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { OrgRow } from '../storage/org-row.js';
import { UserRow } from '../storage/user-row.js';
import { endSignIns } from './end-sign-ins.js';
import { type SignedIn, SignInService } from './sign-in-service.js';
import { type Attempt, SignInThrottle } from './sign-in-throttle.js';

/** Proving who one is by e-mail and password. */
@Injectable()
export class PasswordSignIn {
  readonly #database: Database;
  readonly #writer: IdentityWriter;
  readonly #evalMode: EvalMode;
  readonly #throttle: SignInThrottle;
  readonly #passwords: PasswordHasher;
  readonly #signIns: SignInService;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(IdentityWriter) writer: IdentityWriter,
    @Inject(EvalMode) evalMode: EvalMode,
    @Inject(SignInThrottle) throttle: SignInThrottle,
    @Inject(PasswordHasher) passwords: PasswordHasher,
    @Inject(SignInService) signIns: SignInService,
  ) {
    this.#database = database;
    this.#writer = writer;
    this.#evalMode = evalMode;
    this.#throttle = throttle;
    this.#passwords = passwords;
    this.#signIns = signIns;
  }

  /**
   * An unknown e-mail, a wrong password, an invitation not accepted and a deactivated account are one answer, after the
   * same work.
   * @throws SIGN_IN_FAILED, RATE_LIMITED
   */
  async signIn({ email, password, ...device }: RpcHandled<'identity.login'>): Promise<SignedIn> {
    const user = await this.#findUser(email);
    const attempt = await this.#throttle.begin(email, device.address, user);
    const passwordHash = user?.active === true && (await this.#admits(user)) ? user.passwordHash : null;
    const isRight = await this.#passwords.verify(passwordHash, password);
    if (user === null || !isRight) {
      await this.#recordFailure(attempt, user, device.address);
      throw new ExpactiError('SIGN_IN_FAILED');
    }
    const opened = await this.#writer.change(user.org, async (unit) => {
      await this.#throttle.succeeded(unit.manager, attempt);
      const current = await unit.manager.findOneBy(UserRow, { org: user.org, id: user.id });
      // Deactivated, removed or changed while the password was being verified.
      if (current?.active !== true || current.passwordHash !== passwordHash) return null;
      return this.#signIns.open(unit, current, device);
    });
    if (opened === null) throw new ExpactiError('SIGN_IN_FAILED');
    return this.#signIns.answer(opened);
  }

  /** All other sign-ins of the person end. */
  async change(principal: UserPrincipal, currentPassword: string, newPassword: string): Promise<void> {
    const user = await this.#database.read((manager) => liveActor(manager, principal, null));
    if (user.passwordHash === null) {
      throw new ExpactiError(
        'NOT_SUPPORTED',
        'This account signs in with the token of the evaluation, not by password.',
      );
    }
    const attempt = await this.#throttle.begin(user.id, principal.sign_in_id ?? 'no sign-in', null);
    if (!(await this.#passwords.verify(user.passwordHash, currentPassword))) {
      throw invalid('current_password', 'is wrong');
    }
    if (currentPassword === newPassword) throw invalid('new_password', 'is the one you have already');
    await refuseWellKnown(newPassword, personalWords(user), 'new_password');
    const passwordHash = await this.#passwords.hash(newPassword);
    await this.#writer.change(user.org, async (unit) => {
      const changed = await unit.manager.update(
        UserRow,
        { org: user.org, id: user.id, passwordHash: user.passwordHash ?? '' },
        { passwordHash },
      );
      if (changed.affected !== 1) throw invalid('current_password', 'was changed a moment ago');
      await this.#throttle.succeeded(unit.manager, attempt);
      unit.record('user.password_changed', actorOf(principal), { type: 'user', id: user.id }, {});
      await endSignIns(unit, user, { except: principal.sign_in_id, reason: 'the password was changed' });
    });
  }

  #findUser(email: string): Promise<UserRow | null> {
    return this.#database.read((manager) => manager.findOneBy(UserRow, { email }));
  }

  async #admits(user: UserRow): Promise<boolean> {
    const org = await this.#database.read((manager) => manager.findOneBy(OrgRow, { id: user.org }));
    return org !== null && this.#evalMode.admits(org);
  }

  /** Where there is no such account there is no org whose record could hold it; the same is written otherwise. */
  async #recordFailure(attempt: Attempt, user: UserRow | null, address: string): Promise<void> {
    if (user === null) {
      await this.#database.transaction((manager) => this.#throttle.failed(manager, attempt));
      return;
    }
    await this.#writer.change(user.org, async (unit) => {
      await this.#throttle.failed(unit.manager, attempt);
      unit.record('user.sign_in_failed', SYSTEM_ACTOR, { type: 'user', id: user.id }, { address });
    });
  }
}

const invalid = (path: string, message: string) =>
  new ExpactiError('INVALID', `${path}: ${message}`, { fields: [{ path, message }] });
