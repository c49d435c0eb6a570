import { ExpactiError } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { appendToOutbox, type Database } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isOverdue, lapse } from '../domain/lapse.js';
import { errorOf, type Refusal } from '../domain/refusal.js';
import type { CastVote, HeldRequest } from '../domain/request.js';
import { findRequest, type RequestKey, type StoredRequest, saveRequest } from '../storage/request-store.js';
import { lapsedFact } from '../wire/request-facts.js';

/** What one transition makes of a request. Without facts nothing has changed and nothing is written. */
export interface Transition {
  readonly kind: 'changed';
  readonly request: HeldRequest;
  readonly vote: CastVote | null;
  readonly facts: readonly BusEvent[];
}

export type Step = (seen: StoredRequest, now: number) => Transition | Refusal;

export interface CurrentRequest {
  readonly request: HeldRequest;
  readonly votes: readonly CastVote[];
}

type Outcome = CurrentRequest | { readonly refusal: Refusal } | 'overtaken' | null;

/** How often a change is tried again after somebody else's change of the same request came first. */
const MAX_ATTEMPTS = 10;

/**
 * Applies transitions: read, decide, and write state and events in one transaction, by compare-and-swap. A request whose
 * deadline has passed lapses first, so that nobody ever acts on one that time has closed, whether or not the sweeper
 * has been there.
 */
@Injectable()
export class RequestChanges {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Null where the key names nothing. @throws ExpactiError what the step refused with */
  async apply(key: RequestKey, step: Step): Promise<CurrentRequest | null> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const outcome = await this.database.transaction((manager) => this.#attempt(manager, key, step));
      if (outcome === 'overtaken') continue;
      // Thrown after the commit: a lapse that was found on the way stays.
      if (outcome !== null && 'refusal' in outcome) throw errorOf(outcome.refusal);
      return outcome;
    }
    throw new ExpactiError('UNAVAILABLE', 'Too many changes of this request at once; try again.');
  }

  /** The request as it is now. Closes it first when its deadline has passed. */
  async current(key: RequestKey): Promise<CurrentRequest | null> {
    const stored = await this.database.read((manager) => findRequest(manager, key));
    return stored === null || !isOverdue(stored.request, this.clock.now()) ? stored : this.settle(key);
  }

  /** Closes the request if its deadline has passed; otherwise changes nothing. */
  settle(key: RequestKey): Promise<CurrentRequest | null> {
    return this.apply(key, ({ request }) => ({ kind: 'changed', request, vote: null, facts: [] }));
  }

  async #attempt(manager: EntityManager, key: RequestKey, step: Step): Promise<Outcome> {
    const stored = await findRequest(manager, key);
    if (stored === null) return null;
    const now = this.clock.now();
    const lapsed = lapse(stored.request, now);
    const seen = lapsed === null ? stored : { ...stored, request: lapsed };
    const change = step(seen, now);
    const next = change.kind === 'refused' ? { request: seen.request, vote: null, facts: [] } : change;
    const facts = [...(lapsed === null ? [] : [lapsedFact(lapsed, stored.votes, now)]), ...next.facts];
    if (facts.length > 0) {
      if (!(await saveRequest(manager, stored, next.request, next.vote, now))) return 'overtaken';
      await appendToOutbox(manager, facts);
    }
    if (change.kind === 'refused') return { refusal: change };
    return { request: next.request, votes: next.vote === null ? stored.votes : [...stored.votes, next.vote] };
  }
}
