import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  exportSigningKey,
  generateSigningKey,
  importSigningKey,
  SealBroken,
  Sealer,
  type SigningKey,
} from '@expacti/crypto';
import type { Database } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, LOGGER, type Logger, MASTER_KEY } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { ACCESS_TOKEN_MS, SIGNING_KEY_MS } from '../domain/durations.js';
import { SigningKeyRow } from '../storage/signing-key-row.js';

interface DatedKey extends SigningKey {
  publicKey: KeyObject;
  createdAt: number;
}

/** Unknown key ids come from anybody: they may not cost a database read each. */
const RELOAD_PAUSE_MS = 5_000;

const placeOf = (kid: string) => `identity_signing_keys:${kid}`;

/** The Ed25519 keys of access tokens, sealed in the database, shared by the replicas of this service, replaced by age. */
@Injectable()
export class SigningKeys {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #sealer: Sealer;
  #keys = new Map<string, DatedKey>();
  #loadedAt = Number.NEGATIVE_INFINITY;
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

  /** The public key of that id, or undefined. Another replica may have made it a moment ago. */
  async find(kid: string): Promise<KeyObject | undefined> {
    if (!this.#keys.has(kid) && this.#clock.now() - this.#loadedAt >= RELOAD_PAUSE_MS) await this.#load();
    const key = this.#keys.get(kid);
    return key !== undefined && key.createdAt > this.#oldestVerifying() ? key.publicKey : undefined;
  }

  #newest(): DatedKey | undefined {
    const young = [...this.#keys.values()].filter((key) => this.#clock.now() - key.createdAt < SIGNING_KEY_MS);
    return young.sort((one, other) => other.createdAt - one.createdAt)[0];
  }

  /** What an older key signed last has expired by now. */
  #oldestVerifying(): number {
    return this.#clock.now() - SIGNING_KEY_MS - ACCESS_TOKEN_MS;
  }

  async #load(): Promise<void> {
    const rows = await this.#database.read((manager) => manager.find(SigningKeyRow));
    this.#loadedAt = this.#clock.now();
    const keys = rows.map((row) => this.#open(row)).filter((key) => key !== null);
    this.#keys = new Map(keys.map((key) => [key.kid, key]));
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

  async #make(): Promise<DatedKey> {
    const made = generateSigningKey();
    const sealedPrivateKey = this.#sealer.seal(exportSigningKey(made), placeOf(made.kid));
    const createdAt = this.#clock.now();
    await this.#database.transaction(async (manager) => {
      await manager.delete(SigningKeyRow, { createdAt: LessThan(this.#oldestVerifying()) });
      await manager.insert(SigningKeyRow, { kid: made.kid, sealedPrivateKey, createdAt });
    });
    const key = dated(made, createdAt);
    this.#keys.set(key.kid, key);
    return key;
  }
}

const dated = (key: SigningKey, createdAt: number): DatedKey => ({
  ...key,
  publicKey: createPublicKey(key.privateKey),
  createdAt,
});
