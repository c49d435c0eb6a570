import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  exportSigningKey,
  generateSigningKey,
  importSigningKey,
  SealBroken,
  Sealer,
  type SigningKey,
} from '@expacti/crypto';
import { type Database, serialize } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, LOGGER, type Logger, MASTER_KEY } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, LessThan } from 'typeorm';
import { ACCESS_TOKEN_MS, SIGNING_KEY_MS } from '../domain/durations.js';
import { SigningKeyRow } from '../storage/signing-key-row.js';

interface DatedKey extends SigningKey {
  publicKey: KeyObject;
  createdAt: number;
}

/** A thumbprint (SHA-256, base64url). Anything else names no key and is not looked for. */
const KEY_ID = /^[\w-]{43}$/;

const placeOf = (kid: string) => `identity_signing_keys:${kid}`;

/** The Ed25519 keys of access tokens, sealed in the database, shared by the replicas of this service, replaced by age. */
@Injectable()
export class SigningKeys {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #sealer: Sealer;
  #keys = new Map<string, DatedKey>();
  #making: Promise<DatedKey> | undefined;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(MASTER_KEY) masterKey: Buffer,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#logger = logger;
    this.#sealer = new Sealer([masterKey.toString('base64url')]);
  }

  /** The key to sign with: the newest, as long as it is young enough. Not to be called inside a transaction. */
  async current(): Promise<SigningKey> {
    const newest = this.#newest() ?? (await this.#load().then(() => this.#newest()));
    if (newest !== undefined) return newest;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /**
   * The public key of that id, or undefined. One that is not known here is looked for each time, which costs what an unknown
   * shell token costs: another replica may have made it a moment ago, and what it signed must count everywhere at once.
   */
  async find(kid: string): Promise<KeyObject | undefined> {
    const key = this.#keys.get(kid) ?? (KEY_ID.test(kid) ? await this.#learn(kid) : undefined);
    return key !== undefined && key.createdAt > this.#oldestVerifying() ? key.publicKey : undefined;
  }

  #newest(keys: Iterable<DatedKey> = this.#keys.values()): DatedKey | undefined {
    const young = [...keys].filter((key) => this.#clock.now() - key.createdAt < SIGNING_KEY_MS);
    return young.sort((one, other) => other.createdAt - one.createdAt)[0];
  }

  /** What an older key signed last has expired by now. */
  #oldestVerifying(): number {
    return this.#clock.now() - SIGNING_KEY_MS - ACCESS_TOKEN_MS;
  }

  async #load(): Promise<void> {
    const keys = await this.#database.read((manager) => this.#all(manager));
    this.#keys = new Map(keys.map((key) => [key.kid, key]));
  }

  async #all(manager: EntityManager): Promise<DatedKey[]> {
    const rows = await manager.find(SigningKeyRow);
    return rows.map((row) => this.#open(row)).filter((key) => key !== null);
  }

  async #learn(kid: string): Promise<DatedKey | undefined> {
    const row = await this.#database.read((manager) => manager.findOneBy(SigningKeyRow, { kid }));
    const key = row && this.#open(row);
    if (!key) return undefined;
    this.#keys.set(kid, key);
    return key;
  }

  #open(row: SigningKeyRow): DatedKey | null {
    try {
      const text = this.#sealer.open(row.sealedPrivateKey, placeOf(row.kid)).toString('utf8');
      return dated(importSigningKey(text), row.createdAt);
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      this.#logger.warn({ kid: row.kid }, 'a signing key does not open with this master key; its access tokens end');
      return null;
    }
  }

  /** A new key, unless another replica has just made one. */
  async #make(): Promise<DatedKey> {
    const made = generateSigningKey();
    const sealedPrivateKey = this.#sealer.seal(exportSigningKey(made), placeOf(made.kid));
    const key = await this.#database.transaction(async (manager) => {
      await serialize(manager, 'identity:signing-keys');
      const others = this.#newest(await this.#all(manager));
      if (others !== undefined) return others;
      const createdAt = this.#clock.now();
      await manager.delete(SigningKeyRow, { createdAt: LessThan(this.#oldestVerifying()) });
      await manager.insert(SigningKeyRow, { kid: made.kid, sealedPrivateKey, createdAt });
      return dated(made, createdAt);
    });
    this.#keys.set(key.kid, key);
    return key;
  }
}

const dated = (key: SigningKey, createdAt: number): DatedKey => ({
  ...key,
  publicKey: createPublicKey(key.privateKey),
  createdAt,
});
