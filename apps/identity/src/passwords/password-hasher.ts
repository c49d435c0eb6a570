import { ExpactiError } from '@expacti/contracts';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane. */
export const ARGON2_OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * The hash of a random password that nobody kept, with the same parameters: where there is no account, as much work is
 * done as where there is one.
 */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$zdkR3mAaf6KwNatbC15Baw$bMDcojr6mEXDZmO1YDhEGBY6B/AF9jQxdzV+pqZqxX0';

/** Each takes 19 MiB and a core; more at once would starve everything else in the process. */
const AT_ONCE = 2;
const WAITING = 32;

/** Hashes and verifies passwords, off the main thread and few at a time. */
@Injectable()
export class PasswordHasher {
  #running = 0;
  readonly #queue: (() => void)[] = [];

  /** PHC text with its salt and parameters. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password.normalize('NFC'), ARGON2_OPTIONS));
  }

  /** @param passwordHash null where there is none: answers false, after the same time */
  verify(passwordHash: string | null, password: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const isRight = await verify(passwordHash ?? NOBODYS_HASH, password.normalize('NFC'));
      return isRight && passwordHash !== null;
    });
  }

  /** @throws RATE_LIMITED when more are waiting than could be served soon */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#queue.length >= WAITING) {
        throw new ExpactiError('RATE_LIMITED', 'Too many people sign in at this moment.', { retryAfterSeconds: 5 });
      }
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // The place goes to whoever waits, without becoming free in between.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
