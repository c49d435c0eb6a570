import { type AuthMethods, actorOf, ExpactiError, type RpcHandled } from '@expacti/contracts';
import { hashToken } from '@expacti/crypto';
import { type Database, newId } from '@expacti/persistence';
import { DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { userPrincipal } from '../domain/principals.js';
import { EvalMode } from '../eval-mode.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { personalWords } from '../passwords/personal-words.js';
import { refuseWellKnown } from '../passwords/well-known-passwords.js';
import { type SignedIn, SignInService } from '../sign-in/sign-in-service.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { SetupTokenRow } from '../storage/setup-token-row.js';
import { refuseTaken } from '../storage/unique-name.js';
import type { UserRow } from '../storage/user-row.js';
import { insertNewOrg } from './new-org.js';
import { forgetSetupTokens, isSetupRequired, lockSetup } from './setup-state.js';

/** The first owner of an installation. There is no default password; there is a token that only the operator saw. */
@Injectable()
export class SetupService {
  readonly #database: Database;
  readonly #writer: IdentityWriter;
  readonly #evalMode: EvalMode;
  readonly #passwords: PasswordHasher;
  readonly #signIns: SignInService;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(IdentityWriter) writer: IdentityWriter,
    @Inject(EvalMode) evalMode: EvalMode,
    @Inject(PasswordHasher) passwords: PasswordHasher,
    @Inject(SignInService) signIns: SignInService,
  ) {
    this.#database = database;
    this.#writer = writer;
    this.#evalMode = evalMode;
    this.#passwords = passwords;
    this.#signIns = signIns;
  }

  async methods(): Promise<AuthMethods> {
    const isEval = this.#evalMode.on;
    const setupRequired = !isEval && (await this.#database.read(isSetupRequired));
    return { password: true, eval: isEval, setup_required: setupRequired };
  }

  /** @throws SETUP_DONE, UNAUTHENTICATED for a token of an earlier start */
  async setUp(request: RpcHandled<'identity.setup'>): Promise<SignedIn> {
    const tokenHash = hashToken(request.token);
    await this.#checkToken(tokenHash);
    await refuseWellKnown(request.password, personalWords(request, request.org_name), 'password');
    const passwordHash = await this.#passwords.hash(request.password);
    const org = newId('org');
    const opened = await this.#writer.change(org, async (unit) => {
      await lockSetup(unit.manager);
      const isValid = await unit.manager.existsBy(SetupTokenRow, { tokenHash });
      if (!isValid || !(await isSetupRequired(unit.manager))) throw new ExpactiError('SETUP_DONE');
      await forgetSetupTokens(unit.manager);
      const owner: UserRow = {
        id: newId('usr'),
        org,
        email: request.email,
        name: request.name,
        roles: ['owner'],
        active: true,
        passwordHash,
        demo: false,
        createdAt: unit.now,
        lastSignInAt: null,
      };
      const choices = { name: request.org_name, eval: false, onePersonApproval: request.one_person_approval };
      const made = insertNewOrg(unit, actorOf(userPrincipal(owner, null)), choices, owner);
      await refuseTaken('There is an account with this e-mail already.', made);
      return this.#signIns.open(unit, owner, request);
    });
    return this.#signIns.answer(opened);
  }

  /** Before the expensive part: a stranger may not make the server hash passwords. */
  #checkToken(tokenHash: string): Promise<void> {
    return this.#database.read(async (manager) => {
      if (!(await isSetupRequired(manager))) throw new ExpactiError('SETUP_DONE');
      if (await manager.existsBy(SetupTokenRow, { tokenHash })) return;
      throw new ExpactiError(
        'UNAUTHENTICATED',
        'This set-up link is not valid any more. The server prints a new one each time it starts.',
      );
    });
  }
}
