import { ExpactiError } from '@expacti/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { TokenBuckets } from './token-buckets.js';

/** How often one caller may ask. Who asks too often is told when to come back. */
@Injectable()
export class RequestLimits {
  readonly #submissions: TokenBuckets;
  readonly #agents: RateLimiterMemory;
  readonly #users: RateLimiterMemory;
  readonly #public: RateLimiterMemory;

  constructor(@Inject(GATEWAY_OPTIONS) { limits }: GatewayOptions) {
    const perSecond = (keyPrefix: string, points: number) => new RateLimiterMemory({ keyPrefix, points, duration: 1 });
    const { submissionsPerSecond, submissionBurst } = limits;
    this.#submissions = new TokenBuckets(submissionsPerSecond, Math.max(submissionsPerSecond, submissionBurst));
    // A command is submitted once, then asked after, started and reported: this never hinders an honest agent.
    this.#agents = perSecond('agent', submissionBurst);
    this.#users = perSecond('user', limits.requestsPerSecond);
    this.#public = perSecond('public', limits.publicRequestsPerSecond);
  }

  async takeSubmission(agentId: string): Promise<void> {
    const waitMs = this.#submissions.take(agentId, performance.now());
    if (waitMs > 0) throw rateLimited(waitMs);
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

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw rateLimited(refusal.msBeforeNext);
  }
}

const rateLimited = (waitMs: number): ExpactiError =>
  new ExpactiError('RATE_LIMITED', undefined, { retryAfterSeconds: Math.max(1, waitMs / 1_000) });
