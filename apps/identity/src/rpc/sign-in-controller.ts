import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { InvitationService } from '../people/invitation-service.js';
import { SetupService } from '../people/setup-service.js';
import { PasswordSignIn } from '../sign-in/password-sign-in.js';
import { SignInService } from '../sign-in/sign-in-service.js';

@Controller()
export class SignInController {
  readonly #passwords: PasswordSignIn;
  readonly #signIns: SignInService;
  readonly #setup: SetupService;
  readonly #invitations: InvitationService;

  constructor(
    @Inject(PasswordSignIn) passwords: PasswordSignIn,
    @Inject(SignInService) signIns: SignInService,
    @Inject(SetupService) setup: SetupService,
    @Inject(InvitationService) invitations: InvitationService,
  ) {
    this.#passwords = passwords;
    this.#signIns = signIns;
    this.#setup = setup;
    this.#invitations = invitations;
  }

  @RpcHandler('identity.methods')
  async methods(_request: RpcHandled<'identity.methods'>): Promise<RpcResponse<'identity.methods'>> {
    return this.#setup.methods();
  }

  @RpcHandler('identity.login')
  async login(request: RpcHandled<'identity.login'>): Promise<RpcResponse<'identity.login'>> {
    return this.#passwords.signIn(request);
  }

  @RpcHandler('identity.refresh')
  async refresh(request: RpcHandled<'identity.refresh'>): Promise<RpcResponse<'identity.refresh'>> {
    return this.#signIns.refresh(request.refresh_token);
  }

  @RpcHandler('identity.logout')
  async logout(request: RpcHandled<'identity.logout'>): Promise<RpcResponse<'identity.logout'>> {
    await this.#signIns.signOut(request.refresh_token, request.principal);
    return {};
  }

  @RpcHandler('identity.setup')
  async setup(request: RpcHandled<'identity.setup'>): Promise<RpcResponse<'identity.setup'>> {
    return this.#setup.setUp(request);
  }

  @RpcHandler('identity.accept_invitation')
  async acceptInvitation(
    request: RpcHandled<'identity.accept_invitation'>,
  ): Promise<RpcResponse<'identity.accept_invitation'>> {
    return this.#invitations.accept(request);
  }

  @RpcHandler('identity.change_password')
  async changePassword(
    request: RpcHandled<'identity.change_password'>,
  ): Promise<RpcResponse<'identity.change_password'>> {
    await this.#passwords.change(request.principal, request.current_password, request.new_password);
    return {};
  }
}
