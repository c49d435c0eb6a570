import {
  AGENT_PERMISSIONS,
  ExpactiError,
  type Permission,
  type Principal,
  ROUTES,
  type RouteAccess,
  type RouteName,
} from '@expacti/contracts';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Credentials } from '../auth/credentials.js';
import { RequestLimits } from '../limits/request-limits.js';
import type { IdentifiedRequest } from './route-input.js';
import { OUTSIDE_API, SERVED_ROUTE } from './serves.js';

/** Stands before every handler. One that declares no route is closed to all: forgetting a declaration opens nothing. */
@Injectable()
export class RouteGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(RequestLimits) private readonly limits: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Service modules answer RPC in the same process; those callers have been through here already.
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(OUTSIDE_API, [context.getHandler(), context.getClass()])) return true;
    const name = this.reflector.get<RouteName | undefined>(SERVED_ROUTE, context.getHandler());
    if (!name) throw new ExpactiError('FORBIDDEN', 'This path declares no permission.');
    const request = context.switchToHttp().getRequest<IdentifiedRequest>();
    const access: RouteAccess = ROUTES[name].access;
    if (access === 'public') {
      await this.limits.takePublic(request.ip ?? 'unknown');
      return true;
    }
    const principal = await this.credentials.authenticateHeader(request.headers.authorization);
    requireAccess(principal, access);
    if (principal.kind === 'user') await this.limits.takeUser(principal.id);
    // Submissions have a limit of their own, where they are decided.
    else if (name !== 'submitCommand') await this.limits.takeAgent(principal.id);
    request.principal = principal;
    return true;
  }
}

/** Throws FORBIDDEN unless the principal holds one of the permissions. */
export function requireAccess(principal: Principal, access: Exclude<RouteAccess, 'public'>): void {
  const held: readonly Permission[] = principal.kind === 'agent' ? AGENT_PERMISSIONS : principal.permissions;
  const allowed =
    access === 'signed-in' ? principal.kind === 'user' : access.some((permission) => held.includes(permission));
  if (!allowed) {
    const needed = access === 'signed-in' ? 'a signed-in person' : access.join(' or ');
    throw new ExpactiError('FORBIDDEN', `This needs ${needed}; ${principal.kind} ${principal.name} does not have it.`);
  }
}
