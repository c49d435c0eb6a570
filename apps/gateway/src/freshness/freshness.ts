import { Inject, Injectable } from '@nestjs/common';
import { IdentityLease, PolicyLease } from './leases.js';

/** Both leases as one: whether what is held in memory may allow anything. */
@Injectable()
export class Freshness {
  constructor(
    @Inject(PolicyLease) private readonly policy: PolicyLease,
    @Inject(IdentityLease) private readonly identity: IdentityLease,
  ) {}

  /**
   * Names the time for which both leases hold without a break; null when one of them does not. Two equal answers mean that
   * neither has lapsed between them, also while the process stood still.
   */
  stretch(): number | null {
    // Each number only grows, so their sum is another one as soon as either is.
    return this.policy.holds() && this.identity.holds() ? this.policy.stretch + this.identity.stretch : null;
  }
}
