import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Database } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, LOGGER, type Logger, MASTER_KEY } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { calculateJwkThumbprint } from 'jose';
import { LessThan } from 'typeorm';
import { ACCESS_TOKEN_MS, SIGNING_KEY_MS } from '../domain/durations.js';
import { SigningKeyRow } from '../storage/signing-key-row.js';
import { seal, unseal } from './sealing.js';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  createdAt: number;
}

/** Unknown key ids come from anybody: they may not cost a database read each. */
const RELOAD_PAUSE_MS = 5_000;

const purposeOf = (kid: string) => `identity.signing-key.${kid}`;

/** The Ed25519 keys of access tokens, sealed in the database, shared by the replicas of this service, replaced by age. */
@Injectable()
export class SigningKeys {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #masterKey: Buffer;
  #keys = new Map<string, SigningKey>();
  #loadedAt = Number.NEGATIVE_INFINITY;
  #making: Promise<SigningKey> | undefined;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(MASTER_KEY) masterKey: Buffer,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#logger = logger;
    this.#masterKey = masterKey;
  }

  /** The key to sign with: the newest, as long as it is young enough. */
  async current(): Promise<SigningKey> {
    const newest = this.#newest() ?? (await this.#load().then(() => this.#newest()));
    if (newest !== undefined) return newest;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /** The key that verifies, or undefined. Another replica may have made it a moment ago. */
  async find(kid: string): Promise<SigningKey | undefined> {
    const known = this.#keys.get(kid);
    if (known === undefined && this.#clock.now() - this.#loadedAt >= RELOAD_PAUSE_MS) await this.#load();
    const key = this.#keys.get(kid);
    return key !== undefined && key.createdAt > this.#oldestVerifying() ? key : undefined;
  }

  #newest(): SigningKey | undefined {
    const young = [...this.#keys.values()].filter((key) => this.#clock.now() - key.createdAt < SIGNING_KEY_MS);
    return young.sort((one, other) => other.createdAt - one.createdAt)[0];
  }

  /** A key that signed its last token long enough ago that this token has expired. */
  #oldestVerifying(): number {
    return this.#clock.now() - SIGNING_KEY_MS - ACCESS_TOKEN_MS;
  }

  async #load(): Promise<void> {
    const rows = await this.#database.read((manager) => manager.find(SigningKeyRow));
    this.#loadedAt = this.#clock.now();
    this.#keys = new Map(rows.map((row) => this.#open(row)).flatMap((key) => (key === null ? [] : [[key.kid, key]])));
  }

  #open(row: SigningKeyRow): SigningKey | null {
    const text = unseal(this.#masterKey, purposeOf(row.kid), row.sealedPrivateKey);
    if (text === null) {
      this.#logger.warn({ kid: row.kid }, 'a signing key does not open with this master key; its access tokens end');
      return null;
    }
    const privateKey = createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
    return { kid: row.kid, privateKey, publicKey: createPublicKey(privateKey), createdAt: row.createdAt };
  }

  async #make(): Promise<SigningKey> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const kid = await calculateJwkThumbprint({ ...publicKey.export({ format: 'jwk' }), kty: 'OKP' });
    const sealedPrivateKey = seal(
      this.#masterKey,
      purposeOf(kid),
      JSON.stringify(privateKey.export({ format: 'jwk' })),
    );
    const createdAt = this.#clock.now();
    await this.#database.transaction(async (manager) => {
      await manager.delete(SigningKeyRow, { createdAt: LessThan(this.#oldestVerifying()) });
      await manager.insert(SigningKeyRow, { kid, sealedPrivateKey, createdAt });
    });
    const key = { kid, privateKey, publicKey, createdAt };
    this.#keys.set(kid, key);
    return key;
  }
}
