import { ExpactiError } from '@expacti/contracts';
import { hashToken } from '@expacti/crypto';
import { type Database, serialize } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, LessThan, MoreThan } from 'typeorm';
import { addressBlock } from '../domain/address-block.js';
import { afterFailure, FORGET_ALL_MS, THROTTLE_RULES, waitMs } from '../domain/throttle.js';
import { AttemptRow } from '../storage/attempt-row.js';
import { SignInRow } from '../storage/sign-in-row.js';

type Kind = keyof typeof THROTTLE_RULES;
type Keys = [Kind, string][];

interface Person {
  org: string;
  id: string;
}

/** An attempt that was counted before its outcome was known. */
export interface Attempt {
  keys: Keys;
}

/**
 * Slows guessing down. Every attempt counts as failed before the password is looked at, so that a thousand attempts at
 * once are not a thousand free ones; a success takes the count back. Kept in the database: a restart forgets nothing.
 */
@Injectable()
export class SignInThrottle {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(@Inject(DATABASE) database: Database, @Inject(CLOCK) clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * @param account what is guessed at (an e-mail, a user id); never stored in the clear
   * @param person whose former addresses are trusted, when there is such a person
   * @throws RATE_LIMITED with how long to wait; attempts refused so are not counted, so waiting always helps
   */
  async begin(account: string, address: string, person: Person | null): Promise<Attempt> {
    const now = this.#clock.now();
    const block = addressBlock(address);
    const keys = keysOf(account, block);
    const wait = await this.#database.transaction(async (manager) => {
      // Attempts at once, on whatever replica, count one after the other; always in the order of their kinds.
      for (const [, key] of keys) await serialize(manager, `identity:attempts:${key}`);
      await manager.delete(AttemptRow, { lastAt: LessThan(now - FORGET_ALL_MS) });
      const isFamiliar = person !== null && (await hasSignedInFrom(manager, person, block));
      const counted: AttemptRow[] = [];
      let longest = 0;
      for (const [kind, key] of keys) {
        const attempts = await manager.findOneBy(AttemptRow, { key });
        const rule = THROTTLE_RULES[kind];
        if (kind === 'pair' || !isFamiliar) longest = Math.max(longest, waitMs(rule, attempts, now));
        counted.push({ key, ...afterFailure(rule, attempts, now) });
      }
      if (longest === 0) await manager.upsert(AttemptRow, counted, ['key']);
      return longest;
    });
    if (wait === 0) return { keys };
    const retryAfterSeconds = Math.ceil(wait / 1_000);
    throw new ExpactiError('RATE_LIMITED', `Too many failed attempts. Try again in ${retryAfterSeconds} s.`, {
      retryAfterSeconds,
    });
  }

  /** The attempt succeeded: the pair starts afresh, and the wider counts lose this one (and only this one). */
  async succeeded(manager: EntityManager, attempt: Attempt): Promise<void> {
    for (const [kind, key] of attempt.keys) {
      if (kind === 'pair') await manager.delete(AttemptRow, { key });
      else await manager.decrement(AttemptRow, { key, failures: MoreThan(0) }, 'failures', 1);
    }
  }

  /** Writes what a success would write, so that a failure is not told by how fast the answer comes. */
  async failed(manager: EntityManager, attempt: Attempt): Promise<void> {
    for (const [, key] of attempt.keys) await manager.update(AttemptRow, { key }, { lastAt: this.#clock.now() });
  }
}

function keysOf(account: string, block: string): Keys {
  return [
    ['pair', `pair:${hashToken(JSON.stringify([account, block]))}`],
    ['account', `account:${hashToken(account)}`],
    ['address', `address:${hashToken(block)}`],
  ];
}

/** Sign-ins are deleted in time (see `SIGN_IN_MEMORY_MS`), so what is there is recent. */
async function hasSignedInFrom(manager: EntityManager, person: Person, block: string): Promise<boolean> {
  const signIns = await manager.find(SignInRow, {
    where: { org: person.org, userId: person.id },
    order: { expiresAt: 'DESC' },
    take: 100,
  });
  return signIns.some((signIn) => addressBlock(signIn.address) === block);
}
