import 'reflect-metadata';
import { AGENT_PERMISSIONS, PERMISSIONS, ROUTES, type Route, type RouteName } from '@expacti/contracts';
import { describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { GATEWAY_CONTROLLERS } from '../gateway-module.js';
import { OUTSIDE_API, SERVED_ROUTE } from './serves.js';

interface Handler {
  name: string;
  route: RouteName | undefined;
  outside: boolean;
  method: string;
  path: string;
}

const handlers: Handler[] = GATEWAY_CONTROLLERS.flatMap((controller) =>
  Object.getOwnPropertyNames(controller.prototype).flatMap((property): Handler[] => {
    const handler = (controller.prototype as unknown as Record<string, unknown>)[property];
    if (typeof handler !== 'function' || property === 'constructor') return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    return [
      {
        name: `${controller.name}.${property}`,
        route: Reflect.getMetadata(SERVED_ROUTE, handler) as RouteName | undefined,
        outside: Boolean(Reflect.getMetadata(OUTSIDE_API, handler) ?? Reflect.getMetadata(OUTSIDE_API, controller)),
        method: RequestMethod[method],
        path: Reflect.getMetadata(PATH_METADATA, handler) as string,
      },
    ];
  }),
);

describe('the gateway', () => {
  it('declares who may call it on every handler that answers HTTP', () => {
    expect(handlers.filter(({ route, outside }) => !route && !outside)).toEqual([]);
  });

  it('keeps what is open to all outside of the API to health and metrics', () => {
    expect(
      handlers
        .filter(({ outside }) => outside)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/healthz', '/metrics', '/readyz']);
  });

  it('serves every route of the table exactly once', () => {
    const served = handlers.flatMap(({ route }) => route ?? []);
    expect([...served].sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it('binds each handler to the method and path of its route', () => {
    for (const { route, method, path } of handlers) {
      if (!route) continue;
      expect([route, method, path]).toEqual([
        route,
        ROUTES[route].method,
        `/api/v1${ROUTES[route].path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ]);
    }
  });

  it('lets no fixed path be swallowed by a parameter that is declared before it', () => {
    for (const controller of GATEWAY_CONTROLLERS) {
      const own = handlers.filter(({ name, route }) => route && name.startsWith(`${controller.name}.`));
      own.forEach((earlier, index) => {
        const pattern = new RegExp(`^${earlier.path.replaceAll(/:\w+/g, '[^/]+')}$`);
        for (const later of own.slice(index + 1))
          if (later.method === earlier.method && !later.path.includes(':'))
            expect([earlier.path, later.path, pattern.test(later.path)]).toEqual([earlier.path, later.path, false]);
      });
    }
  });
});

describe('the route table', () => {
  const routes = Object.entries(ROUTES as Record<RouteName, Route>);

  it('is public only where somebody without a credential must get in, or verify a receipt', () => {
    const open = routes.filter(([, route]) => route.access === 'public').map(([name]) => name);
    expect(open.sort()).toEqual([
      'acceptInvitation',
      'authMethods',
      'login',
      'logout',
      'receiptKeys',
      'refresh',
      'setup',
    ]);
  });

  it('names only permissions that exist', () => {
    for (const [, { access }] of routes)
      if (Array.isArray(access)) for (const name of access) expect(PERMISSIONS).toContain(name);
  });

  it('lets agents submit, look after their own commands, and nothing else', () => {
    const forAgents = routes.filter(
      ([, { access }]) => Array.isArray(access) && access.some((name) => AGENT_PERMISSIONS.includes(name)),
    );
    expect(forAgents.map(([name]) => name).sort()).toEqual([
      'cancelCommand',
      'getCommand',
      'reportResult',
      'startCommand',
      'submitCommand',
    ]);
  });
});
