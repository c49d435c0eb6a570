import { ExpactiError } from '@expacti/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';

/** How often one caller may ask. Who asks too often is told when to come back. */
@Injectable()
export class RequestLimits {
  readonly #submissions: BurstyRateLimiter;
  readonly #agents: RateLimiterMemory;
  readonly #users: RateLimiterMemory;
  readonly #public: RateLimiterMemory;

  constructor(@Inject(GATEWAY_OPTIONS) { limits }: GatewayOptions) {
    const perSecond = (keyPrefix: string, points: number) => new RateLimiterMemory({ keyPrefix, points, duration: 1 });
    this.#submissions = new BurstyRateLimiter(
      perSecond('submission', limits.submissionsPerSecond),
      // What is above the steady rate comes from a reserve that fills again in two seconds.
      new RateLimiterMemory({
        keyPrefix: 'burst',
        points: Math.max(0, limits.submissionBurst - limits.submissionsPerSecond),
        duration: 2,
      }),
    );
    // A command is submitted once, then asked after, started and reported: this never hinders an honest agent.
    this.#agents = perSecond('agent', limits.submissionBurst);
    this.#users = perSecond('user', limits.requestsPerSecond);
    this.#public = perSecond('public', limits.publicRequestsPerSecond);
  }

  takeSubmission(agentId: string): Promise<void> {
    return take(this.#submissions, agentId);
  }

  /** Everything else that an agent asks. */
  takeAgent(agentId: string): Promise<void> {
    return take(this.#agents, agentId);
  }

  takeUser(userId: string): Promise<void> {
    return take(this.#users, userId);
  }

  takePublic(address: string): Promise<void> {
    return take(this.#public, address);
  }
}

async function take(limiter: Pick<RateLimiterMemory, 'consume'> | BurstyRateLimiter, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new ExpactiError('RATE_LIMITED', undefined, { retryAfterSeconds: Math.max(1, refusal.msBeforeNext / 1_000) });
  }
}
