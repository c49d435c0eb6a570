import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { type FreshnessAuthority, RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Authenticator } from '../sign-in/authenticator.js';
import { FRESHNESS } from '../tokens.js';

/** What gateways ask all the time: who is this, and may I go on believing what you said? */
@Controller()
export class AuthenticationController {
  readonly #authenticator: Authenticator;
  readonly #freshness: FreshnessAuthority;

  constructor(@Inject(Authenticator) authenticator: Authenticator, @Inject(FRESHNESS) freshness: FreshnessAuthority) {
    this.#authenticator = authenticator;
    this.#freshness = freshness;
  }

  @RpcHandler('identity.authenticate')
  async authenticate({
    credential,
  }: RpcHandled<'identity.authenticate'>): Promise<RpcResponse<'identity.authenticate'>> {
    return this.#authenticator.authenticate(credential);
  }

  @RpcHandler('identity.renew_lease')
  async renewLease(request: RpcHandled<'identity.renew_lease'>): Promise<RpcResponse<'identity.renew_lease'>> {
    return this.#freshness.renew(request.gateway_id);
  }

  @RpcHandler('identity.acknowledge')
  async acknowledge(request: RpcHandled<'identity.acknowledge'>): Promise<RpcResponse<'identity.acknowledge'>> {
    await this.#freshness.acknowledge(request.gateway_id, request.org, request.version);
    return {};
  }
}
