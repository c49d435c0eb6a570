import { ExpactiError } from '@expacti/contracts';
import { METRICS } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { type Bucket, RATE_LIMITS, type RateLimits, type Wait, type Window } from './rate-limits.js';

/** How often one caller may ask. Who asks too often is told when to come back. */
@Injectable()
export class RequestLimits {
  readonly #submissions: Bucket;
  readonly #agents: Bucket;
  readonly #users: Window;
  readonly #public: Window;
  readonly #refused: Counter<'limit'>;

  constructor(
    @Inject(GATEWAY_OPTIONS) { limits }: GatewayOptions,
    @Inject(RATE_LIMITS) private readonly rates: RateLimits,
    @Inject(METRICS) registry: Registry,
  ) {
    const { submissionsPerSecond, submissionBurst } = limits;
    const capacity = Math.max(submissionsPerSecond, submissionBurst);
    this.#submissions = rates.bucket('submission', submissionsPerSecond, capacity);
    // A command is submitted once, then asked after, started and reported: this never hinders an honest agent. It is as
    // frequent as submissions are, so it must not cost a durable write each time, either.
    this.#agents = rates.bucket('agent', submissionBurst, submissionBurst);
    this.#users = rates.window('user', limits.requestsPerSecond);
    this.#public = rates.window('public', limits.publicRequestsPerSecond);
    this.#refused = new Counter({
      name: 'expacti_rate_limited_total',
      help: 'Requests that were refused because their caller asked too often, by limit',
      labelNames: ['limit'],
      registers: [registry],
    });
  }

  async takeSubmission(agentId: string): Promise<void> {
    this.#refuse('submission', await this.#submissions.take(agentId));
  }

  /** Everything else that an agent asks. */
  async takeAgent(agentId: string): Promise<void> {
    this.#refuse('agent', await this.#agents.take(agentId));
  }

  async takeUser(userId: string): Promise<void> {
    this.#refuse('user', await this.#users.take(userId));
  }

  async takePublic(address: string): Promise<void> {
    this.#refuse('public', await this.#public.take(address));
  }

  close(): Promise<void> {
    return this.rates.close();
  }

  #refuse(limit: string, waitMs: Wait): void {
    if (waitMs === 0) return;
    this.#refused.inc({ limit });
    throw new ExpactiError('RATE_LIMITED', undefined, { retryAfterSeconds: Math.max(1, waitMs / 1_000) });
  }
}
