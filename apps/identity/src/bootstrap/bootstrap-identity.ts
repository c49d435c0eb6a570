import type { INestApplicationContext } from '@nestjs/common';
import { type BootstrapOutcome, IdentityBootstrap } from './identity-bootstrap.js';

/**
 * To be called by the composition root once per process, after migrations and before it listens. Until then nothing that
 * belongs to an evaluation works.
 * @param application what imported the identity module
 * @returns what to tell whoever started the server; a set-up token must go to a place that only they can read
 */
export function bootstrapIdentity(
  application: INestApplicationContext,
  options: { eval: boolean },
): Promise<BootstrapOutcome> {
  return application.get(IdentityBootstrap, { strict: false }).run(options);
}
