import { type DynamicModule, Module, type Type } from '@nestjs/common';

/** Carries the adapters; global, so that every service finds its ports. */
@Module({})
class Ports {}

@Module({})
class Root {}

/**
 * The module of a process: services, and behind each port (see `tokens.ts`) the adapter that this composition has chosen.
 */
export function rootModule(
  ports: ReadonlyMap<symbol, unknown>,
  services: readonly { readonly module: Type<unknown> }[],
): DynamicModule {
  const providers = [...ports].map(([provide, useValue]) => ({ provide, useValue }));
  const adapters = { module: Ports, global: true, providers, exports: [...ports.keys()] };
  return { module: Root, imports: [adapters, ...services.map(({ module }) => module)] };
}
