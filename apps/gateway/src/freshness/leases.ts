import type { RpcPattern } from '@expacti/contracts';
import { CLOCK, type Clock, LOGGER, type Logger, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';

const RENEW_EVERY_MS = 500;

/** A moment on both clocks. */
interface Moment {
  readonly now: number;
  readonly elapsed: number;
}

const NEVER: Moment = { now: Number.NEGATIVE_INFINITY, elapsed: Number.NEGATIVE_INFINITY };

/**
 * A lease on one authority's freshness. While it holds, whatever the authority tightened has been applied here before
 * the authority said "done"; once it has lapsed, nothing held in memory may allow anything. What was changed meanwhile was
 * not waited for, so that what was learnt before is not believed either when the lease holds again (`stretch`).
 */
export abstract class Lease {
  /** Both clocks have to say so: the wall clock may be set back, the other one stands still while a machine is suspended. */
  #validUntil = NEVER;
  #stretch = 0;
  #isStopped = false;
  readonly #listeners: (() => void)[] = [];
  #cancel: () => void = () => undefined;

  protected constructor(
    private readonly pattern: Extract<RpcPattern, 'policy.renew_lease' | 'identity.renew_lease'>,
    private readonly rpc: RpcClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly gatewayId: string,
  ) {}

  holds(): boolean {
    return this.clock.now() < this.#validUntil.now && this.clock.elapsed() < this.#validUntil.elapsed;
  }

  /** Numbers the times for which it held without a break; grows with each. The last one's while it does not hold. */
  get stretch(): number {
    return this.#stretch;
  }

  /** Calls back each time that it is about to hold after it did not: whatever was learnt before is to be forgotten. */
  onNewStretch(forget: () => void): void {
    this.#listeners.push(forget);
  }

  async start(): Promise<void> {
    await this.#renew();
    this.#renewLater();
  }

  stop(): void {
    this.#isStopped = true;
    this.#validUntil = NEVER;
    this.#cancel();
  }

  #renewLater(): void {
    if (this.#isStopped) return;
    this.#cancel = this.clock.schedule(RENEW_EVERY_MS, () => void this.#renew().finally(() => this.#renewLater()));
  }

  async #renew(): Promise<void> {
    // Counted from before the question: the authority's own count starts later, so this side lets go first.
    const asked = { now: this.clock.now(), elapsed: this.clock.elapsed() };
    try {
      const { lease_ms } = await this.rpc.ask(this.pattern, { gateway_id: this.gatewayId }, { timeoutMs: 1_000 });
      if (this.#isStopped) return;
      if (!this.holds()) {
        this.#stretch += 1;
        for (const forget of this.#listeners) forget();
      }
      this.#validUntil = { now: asked.now + lease_ms, elapsed: asked.elapsed + lease_ms };
    } catch (error) {
      this.logger.warn({ err: error, pattern: this.pattern }, 'lease not renewed');
    }
  }
}

@Injectable()
export class PolicyLease extends Lease {
  constructor(
    @Inject(RPC_CLIENT) rpc: RpcClient,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(GATEWAY_OPTIONS) options: GatewayOptions,
  ) {
    super('policy.renew_lease', rpc, clock, logger, options.gatewayId);
  }
}

@Injectable()
export class IdentityLease extends Lease {
  constructor(
    @Inject(RPC_CLIENT) rpc: RpcClient,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(GATEWAY_OPTIONS) options: GatewayOptions,
  ) {
    super('identity.renew_lease', rpc, clock, logger, options.gatewayId);
  }
}
