import { createHash } from 'node:crypto';
import { type AgentPrincipal, ExpactiError, type HintPayload, type Principal } from '@expacti/contracts';
import { CLOCK, type Clock, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { LatestMoment } from '../freshness/latest-moment.js';
import { IdentityLease } from '../freshness/leases.js';

interface Cached {
  principal: Principal;
  /** Milliseconds since the epoch; null where only a revocation ends it. */
  expiresAt: number | null;
}

/** Longest time that a credential is believed without asking identity again, should every revocation hint get lost. */
const LONGEST_BELIEF_MS = 60_000;

/** Longer than any request is on its way. */
const REVOCATION_KEPT_MS = 10 * 60_000;

/**
 * Who a credential belongs to. Answers are kept while the identity lease holds: without it nothing cached is believed,
 * so that a revocation is in force everywhere within one lease. Credentials themselves are never kept, only their hash.
 */
@Injectable()
export class Credentials {
  readonly #cache: LRUCache<string, Cached>;
  /** Counts authentications and changes, to tell which came first. */
  #sequence = 0;
  /** When each principal was asked for, and in which stretch of the lease. */
  readonly #asked = new WeakMap<Principal, { at: number; stretch: number }>();
  /** When the tokens, agents, sign-ins and people that were revoked lately were revoked, by id. */
  readonly #revokedAt = new LRUCache<string, number>({ max: 20_000, ttl: REVOCATION_KEPT_MS });
  #lastChange = 0;
  readonly #moment: LatestMoment;

  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(CLOCK) clock: Clock,
    @Inject(IdentityLease) private readonly lease: IdentityLease,
  ) {
    this.#moment = new LatestMoment(clock);
    // Not by the wall clock: set back, it would prolong the belief. Never 0, which the cache takes for "no time at all".
    const perf = { now: () => clock.elapsed() + 1 };
    this.#cache = new LRUCache({ max: 20_000, ttl: LONGEST_BELIEF_MS, ttlResolution: 0, perf });
    lease.onNewStretch(() => {
      this.#sequence += 1;
      this.#lastChange = this.#sequence;
      this.#cache.clear();
    });
  }

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
    this.#sequence += 1;
    const asked = this.#sequence;
    const { stretch } = this.lease;
    const { principal, expires_at } = await this.rpc.ask('identity.authenticate', { credential });
    if (!principal) {
      this.#cache.delete(key);
      throw new ExpactiError('UNAUTHENTICATED');
    }
    const answer = { principal, expiresAt: expires_at === null ? null : Date.parse(expires_at) };
    this.#asked.set(principal, { at: asked, stretch });
    // An answer that was under way while something changed is used once and not kept.
    if (asked > this.#lastChange) this.#cache.set(key, answer);
    return answer;
  }

  /** Forgets everything known of the org; the next call of each asks identity. */
  forget({ org, revoked }: HintPayload<'identity.changed'>): void {
    this.#sequence += 1;
    this.#lastChange = this.#sequence;
    for (const ids of Object.values(revoked)) for (const id of ids) this.#revokedAt.set(id, this.#sequence);
    for (const [key, cached] of this.#cache.entries()) if (cached.principal.org === org) this.#cache.delete(key);
  }

  /**
   * Whether nothing has been revoked since this principal was authenticated. Asked where a decision is made: a request that
   * was on its way while its token was revoked must not be allowed afterwards, nor a vote while its voter was suspended.
   */
  stands(principal: Principal): boolean {
    const asked = this.#asked.get(principal)?.at ?? 0;
    return restsOn(principal).every((id) => asked > (this.#revokedAt.get(id) ?? 0));
  }

  /**
   * Whether identity vouched for this principal since the lease began to hold. Whoever was asked for in an earlier stretch may
   * have been revoked while nobody waited for this process, and the news may still be on its way: ask again.
   */
  isConfirmed(principal: Principal): boolean {
    return this.#asked.get(principal)?.stretch === this.lease.stretch;
  }

  #hasExpired({ expiresAt }: Cached): boolean {
    return expiresAt !== null && expiresAt <= this.#moment.now();
  }
}

/** The ids of which none may have been revoked. */
const restsOn = (principal: Principal): string[] => {
  if (principal.kind === 'agent') return [principal.token_id, principal.id];
  return principal.sign_in_id === null ? [principal.id] : [principal.sign_in_id, principal.id];
};

/** Whether a change of the org ends this agent's standing. */
export const revokes = (change: HintPayload<'identity.changed'>, agent: AgentPrincipal): boolean =>
  change.org === agent.org &&
  (change.revoked.token_ids.includes(agent.token_id) || change.revoked.agent_ids.includes(agent.id));
