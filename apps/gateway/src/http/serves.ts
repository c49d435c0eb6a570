import { ROUTES, type RouteName } from '@expacti/contracts';
import { applyDecorators, Delete, Get, HttpCode, Patch, Post, SetMetadata } from '@nestjs/common';

export const SERVED_ROUTE = 'expacti:served-route';
export const API_PREFIX = '/api/v1';

const METHODS = { GET: Get, POST: Post, PATCH: Patch, DELETE: Delete } as const;

/**
 * Binds a controller method to an entry of the route table: its path, method, status, who may call it and what it takes
 * all come from there. A handler without it answers nobody (see `RouteGuard`).
 */
export function Serves(name: RouteName): MethodDecorator {
  const route = ROUTES[name];
  const [status] = Object.keys(route.responses).map(Number);
  return applyDecorators(
    SetMetadata(SERVED_ROUTE, name),
    METHODS[route.method](API_PREFIX + route.path.replaceAll(/\{(\w+)\}/g, ':$1')),
    HttpCode(status ?? 200),
  );
}

export const OUTSIDE_API = 'expacti:outside-api';

/** Marks the few handlers that are not in the route table and are open to all: health, documentation. */
export const OutsideApi = (): MethodDecorator & ClassDecorator => SetMetadata(OUTSIDE_API, true);
