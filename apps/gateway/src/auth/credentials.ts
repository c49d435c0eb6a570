import { createHash } from 'node:crypto';
import { type AgentPrincipal, ExpactiError, type HintPayload, type Principal } from '@expacti/contracts';
import { CLOCK, type Clock, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { IdentityLease } from '../freshness/leases.js';

interface Cached {
  principal: Principal;
  /** Milliseconds since the epoch; null where only a revocation ends it. */
  expiresAt: number | null;
}

/** Longest time that a credential is believed without asking identity again, should every revocation hint get lost. */
const LONGEST_BELIEF_MS = 60_000;

/**
 * Who a credential belongs to. Answers are kept while the identity lease holds: without it nothing cached is believed,
 * so that a revocation is in force everywhere within one lease. Credentials themselves are never kept, only their hash.
 */
@Injectable()
export class Credentials {
  readonly #cache = new LRUCache<string, Cached>({ max: 20_000, ttl: LONGEST_BELIEF_MS });
  /** Goes up with each revocation, so that an answer that was under way meanwhile is not kept. */
  #generation = 0;

  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IdentityLease) private readonly lease: IdentityLease,
  ) {}

  /** The principal of an `Authorization: Bearer …` header. Throws UNAUTHENTICATED. */
  async authenticateHeader(header: string | undefined): Promise<Principal> {
    const credential = /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(header ?? '')?.[1];
    if (!credential) throw new ExpactiError('UNAUTHENTICATED', 'Send "Authorization: Bearer <token>".');
    return (await this.authenticate(credential)).principal;
  }

  async authenticate(credential: string): Promise<Cached> {
    const key = createHash('sha256').update(credential).digest('base64url');
    const cached = this.#cache.get(key);
    if (cached && this.lease.holds() && !this.#hasExpired(cached)) return cached;
    const generation = this.#generation;
    const { principal, expires_at } = await this.rpc.ask('identity.authenticate', { credential });
    if (!principal) {
      this.#cache.delete(key);
      throw new ExpactiError('UNAUTHENTICATED');
    }
    const answer = { principal, expiresAt: expires_at === null ? null : Date.parse(expires_at) };
    if (generation === this.#generation) this.#cache.set(key, answer);
    return answer;
  }

  /** Forgets everything known of the org; the next call of each asks identity. */
  forget({ org }: HintPayload<'identity.changed'>): void {
    this.#generation += 1;
    for (const [key, cached] of this.#cache.entries()) if (cached.principal.org === org) this.#cache.delete(key);
  }

  #hasExpired({ expiresAt }: Cached): boolean {
    return expiresAt !== null && expiresAt <= this.clock.now();
  }
}

/** Whether a change of the org ends this agent's standing. */
export const revokes = (change: HintPayload<'identity.changed'>, agent: AgentPrincipal): boolean =>
  change.org === agent.org &&
  (change.revoked.token_ids.includes(agent.token_id) || change.revoked.agent_ids.includes(agent.id));
