import { ExpactiError, type RpcResponse, type SignedIn } from '@expacti/contracts';
import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { requireOwnOrigin } from '../http/own-origin.js';
import { Input, type RouteInput, userOf } from '../http/route-input.js';
import { API_PREFIX, Serves } from '../http/serves.js';

const REFRESH_COOKIE = 'expacti_refresh';

/** Sign-in. The refresh token lives in an HttpOnly cookie; the two routes that read it refuse cross-site requests. */
@Controller()
export class AuthController {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
  ) {}

  @Serves('authMethods')
  methods(@Input() _input: RouteInput<'authMethods'>) {
    return this.rpc.ask('identity.methods', {});
  }

  @Serves('login')
  async login(@Input() input: RouteInput<'login'>) {
    const tokens = await this.rpc.ask('identity.login', { ...input.body, ...origin(input.request) });
    return this.#signIn(input.response, tokens);
  }

  @Serves('refresh')
  async refresh(@Input() input: RouteInput<'refresh'>) {
    this.#refuseCrossSite(input.request);
    const refresh_token = readRefreshToken(input.request);
    if (!refresh_token) throw new ExpactiError('UNAUTHENTICATED', 'Sign in again.');
    return this.#signIn(input.response, await this.rpc.ask('identity.refresh', { refresh_token }));
  }

  @Serves('logout')
  async logout(@Input() input: RouteInput<'logout'>) {
    this.#refuseCrossSite(input.request);
    await this.rpc.ask('identity.logout', { refresh_token: readRefreshToken(input.request), principal: null });
    this.#setCookie(input.response, '', 0);
  }

  @Serves('setup')
  async setup(@Input() input: RouteInput<'setup'>) {
    const tokens = await this.rpc.ask('identity.setup', { ...input.body, ...origin(input.request) });
    return this.#signIn(input.response, tokens);
  }

  @Serves('acceptInvitation')
  acceptInvitation(@Input() input: RouteInput<'acceptInvitation'>) {
    return this.rpc.ask('identity.accept_invitation', input.body);
  }

  @Serves('changePassword')
  async changePassword(@Input() input: RouteInput<'changePassword'>) {
    await this.rpc.ask('identity.change_password', { principal: userOf(input), ...input.body });
  }

  @Serves('me')
  async me(@Input() input: RouteInput<'me'>) {
    const { id, email, name, roles, permissions, org } = userOf(input);
    const weaknesses = [...this.options.weaknesses];
    const user = { id, email, name, roles };
    return { user, org: await this.rpc.ask('identity.org', { org }), permissions, weaknesses };
  }

  #signIn(response: Response, tokens: RpcResponse<'identity.login'>): SignedIn {
    this.#setCookie(response, tokens.refresh_token, tokens.refresh_expires_in);
    response.setHeader('Cache-Control', 'no-store');
    return { access_token: tokens.access_token, expires_in: tokens.expires_in, user: tokens.user };
  }

  #setCookie(response: Response, value: string, maxAge: number): void {
    const cookie = stringifySetCookie({
      name: REFRESH_COOKIE,
      value,
      maxAge: Math.floor(maxAge),
      path: `${API_PREFIX}/auth`,
      httpOnly: true,
      sameSite: 'strict',
      secure: this.options.publicUrl.startsWith('https:'),
    });
    response.append('Set-Cookie', cookie);
  }

  /** A custom header cannot be sent across sites without a preflight that this server never grants. */
  #refuseCrossSite(request: Request): void {
    if (request.headers['x-expacti-csrf'] !== '1')
      throw new ExpactiError('FORBIDDEN', 'Send the header x-expacti-csrf: 1 with this request.');
    requireOwnOrigin(request, this.options);
  }
}

const readRefreshToken = (request: Request): string | null =>
  parseCookie(request.headers.cookie ?? '')[REFRESH_COOKIE] || null;

const origin = (request: Request) => ({
  address: (request.ip ?? 'unknown').slice(0, 100),
  user_agent: (request.headers['user-agent'] ?? '').slice(0, 500),
});
