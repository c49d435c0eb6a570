import type { Clock } from '@expacti/platform';
import { LRUCache } from 'lru-cache';
import type { Bucket, Wait } from '../rate-limits.js';
import { TokenBuckets } from '../token-buckets.js';

/** Draws from the shared bucket, after paying what is owed. */
export type TakeTokens = (key: string, wanted: number, owed: number) => Promise<[granted: number, waitMs: number]>;

const MOST_CALLERS = 10_000;

/** A slice is what the steady rate yields in this time. */
const SLICE_MS = 50;

/** Tokens that were not spent by then are given up, so that no gateway sits on what another could use. */
const KEPT_MS = 1_000;

/** While nobody answers, a gateway lets through this part of the rate: it cannot know how many others do the same. */
const LOCAL_SHARE = 1 / 4;

/** For so long after a failure nobody is asked. */
const PAUSE_AFTER_FAILURE_MS = 1_000;

interface Purse {
  tokens: number;
  keptUntil: number;
  /** Spent before they were drawn; at most `#credit`. */
  owed: number;
  /** The shared bucket is empty until then. */
  emptyUntil: number;
  /** How many wait for the drawing that is under way. */
  waiting: number;
  drawing: Promise<void> | undefined;
}

/**
 * One gateway's part of buckets that all gateways share. Tokens are drawn in slices, ahead of need, and spent from memory:
 * a command waits for a drawing only where its agent outruns them. The first few are spent on credit and paid with the
 * next drawing, so that a quiet agent's command waits for nobody; by that credit, a quarter of a slice, each gateway may
 * exceed the limit for a moment.
 */
export class TokenSlices implements Bucket {
  readonly #purses = new LRUCache<string, Purse>({ max: MOST_CALLERS });
  readonly #slice: number;
  readonly #credit: number;
  readonly #alone: TokenBuckets;
  #awayUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly takeTokens: TakeTokens,
    private readonly clock: Pick<Clock, 'elapsed'>,
    perSecond: number,
    capacity: number,
  ) {
    this.#slice = Math.ceil((perSecond * SLICE_MS) / 1_000);
    this.#credit = Math.floor(this.#slice / 4);
    this.#alone = new TokenBuckets(perSecond * LOCAL_SHARE, Math.max(1, capacity * LOCAL_SHARE));
  }

  take(key: string): Wait | Promise<Wait> {
    const purse = this.#purseOf(key);
    return this.#spend(key, purse) ?? this.#drawAndSpend(key, purse);
  }

  /** Null where that cannot be told without drawing. */
  #spend(key: string, purse: Purse): Wait | null {
    const now = this.clock.elapsed();
    if (purse.keptUntil <= now) purse.tokens = 0;
    if (purse.tokens >= 1) {
      purse.tokens -= 1;
      if (purse.tokens < this.#slice / 2) this.#drawAhead(key, purse);
      return 0;
    }
    if (this.#awayUntil > now) return this.#alone.take(key, now);
    if (purse.emptyUntil > now) return purse.emptyUntil - now;
    if (purse.owed >= this.#credit) return null;
    purse.owed += 1;
    if (purse.owed > this.#credit / 2) this.#drawAhead(key, purse);
    return 0;
  }

  async #drawAndSpend(key: string, purse: Purse): Promise<Wait> {
    purse.waiting += 1;
    try {
      for (;;) {
        await this.#draw(key, purse);
        const wait = this.#spend(key, purse);
        if (wait !== null) return wait;
      }
    } finally {
      purse.waiting -= 1;
    }
  }

  #drawAhead(key: string, purse: Purse): void {
    // Where the rate is so low that there is no credit, a token that is drawn and not spent would be missed elsewhere.
    if (this.#credit === 0) return;
    const now = this.clock.elapsed();
    if (!purse.drawing && purse.emptyUntil <= now && this.#awayUntil <= now) void this.#draw(key, purse);
  }

  #draw(key: string, purse: Purse): Promise<void> {
    purse.drawing ??= this.#drawOnce(key, purse).finally(() => {
      purse.drawing = undefined;
    });
    return purse.drawing;
  }

  async #drawOnce(key: string, purse: Purse): Promise<void> {
    const { owed } = purse;
    try {
      const [granted, waitMs] = await this.takeTokens(key, this.#slice + purse.waiting, owed);
      const now = this.clock.elapsed();
      if (purse.keptUntil <= now) purse.tokens = 0;
      purse.owed -= owed;
      purse.tokens += granted;
      purse.keptUntil = now + KEPT_MS;
      purse.emptyUntil = now + waitMs;
    } catch {
      // What was owed stays owed, although it may have been paid: the safe side.
      this.#awayUntil = this.clock.elapsed() + PAUSE_AFTER_FAILURE_MS;
    }
  }

  #purseOf(key: string): Purse {
    const known = this.#purses.get(key);
    if (known) return known;
    const never = Number.NEGATIVE_INFINITY;
    const purse = { tokens: 0, keptUntil: never, owed: 0, emptyUntil: never, waiting: 0, drawing: undefined };
    this.#purses.set(key, purse);
    return purse;
  }
}
