import { type Database, serialize } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, type FreshnessAuthority } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { FRESHNESS } from '../tokens.js';
import { ChangeUnit } from './change-unit.js';

/** The only way to change an org, its people and its agents. */
@Injectable()
export class IdentityWriter {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #freshness: FreshnessAuthority;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(FRESHNESS) freshness: FreshnessAuthority,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#freshness = freshness;
  }

  /**
   * Runs `work` and records its facts in one transaction. Changes of one org come one after the other, in whatever process:
   * what `work` reads stays true until it has written, and an owner, a name or a token that counts once counts once. Where
   * the unit had to be forgotten by gateways, the promise resolves only after none of them can act on the state before.
   */
  async change<T>(org: string, work: (unit: ChangeUnit) => Promise<T>): Promise<T> {
    const { answer, version } = await this.#database.transaction(async (manager) => {
      await serialize(manager, `identity:${org}`);
      const unit = new ChangeUnit(manager, org, this.#clock.now());
      const answer = await work(unit);
      return { answer, version: await unit.finish() };
    });
    if (version !== null) await this.#freshness.settled(org, version);
    return answer;
  }
}
