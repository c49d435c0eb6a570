import type { RpcPattern } from '@expacti/contracts';
import { CLOCK, type Clock, LOGGER, type Logger, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';

const RENEW_EVERY_MS = 500;

/**
 * A lease on one authority's freshness. While it holds, whatever the authority tightened has been applied here before
 * the authority said "done"; once it has lapsed, nothing held in memory may allow anything.
 */
abstract class Lease {
  #validUntil = 0;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  protected constructor(
    private readonly pattern: Extract<RpcPattern, 'policy.renew_lease' | 'identity.renew_lease'>,
    private readonly rpc: RpcClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly gatewayId: string,
  ) {}

  holds(): boolean {
    return this.clock.now() < this.#validUntil;
  }

  async start(): Promise<void> {
    await this.#renew();
    this.#renewLater();
  }

  stop(): void {
    this.#isStopped = true;
    this.#validUntil = 0;
    this.#cancel();
  }

  #renewLater(): void {
    if (this.#isStopped) return;
    this.#cancel = this.clock.schedule(RENEW_EVERY_MS, () => void this.#renew().finally(() => this.#renewLater()));
  }

  async #renew(): Promise<void> {
    // Counted from before the question: the authority's own count starts later, so this side lets go first.
    const asked = this.clock.now();
    try {
      const { lease_ms } = await this.rpc.ask(this.pattern, { gateway_id: this.gatewayId }, { timeoutMs: 1_000 });
      if (!this.#isStopped) this.#validUntil = asked + lease_ms;
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
