import 'reflect-metadata';
import { resolve } from 'node:path';
import { runService } from '@expacti/platform/process';
import { bootstrapIdentity, identityService, keepSetupToken } from './index.js';

runService(identityService, {
  async started(app, { configuration, logger }) {
    const outcome = await bootstrapIdentity(app, { eval: configuration.eval });
    const publicUrl = configuration.public_url ?? `http://${configuration.host}:${configuration.port}`;
    const setupUrl = await keepSetupToken(resolve(configuration.data_dir), publicUrl, outcome);
    // On the terminal only: a log that is shipped elsewhere must not hold what makes an owner.
    if (setupUrl) process.stdout.write(`Make the first owner here (the link works once):\n  ${setupUrl}\n`);
    logger.info({ outcome: outcome.type }, 'identity bootstrapped');
  },
});
