import { systemClock } from '@expacti/platform';
import { InProcessRateLimits } from './in-process-rate-limits.js';
import { rateLimitsContract } from './rate-limits.contract-test.js';

rateLimitsContract('in the process', async () => {
  const limits = new InProcessRateLimits(systemClock);
  return { here: limits, there: limits, close: () => limits.close() };
});
