import type { Jwks } from '@expacti/contracts';
import {
  type CheckpointClaims,
  exportSigningKey,
  generateSigningKey,
  importSigningKey,
  Sealer,
  type SigningKey,
  signCheckpoint,
} from '@expacti/crypto';
import { type Clock, type Database, serialize } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';
import { ReceiptKeyRow } from './receipt-key-row.js';

/** A key signs for this long, then a new one takes over. Old ones stay published: checkpoints are kept for years. */
export const KEY_LIFETIME_MS = 30 * 86_400_000;

/** The database may have a newer key, made by another replica. No published set is older than this. */
const REREAD_AFTER_MS = 60_000;

/**
 * A new key is published for this long before anybody signs with it: by then every replica publishes it, also one whose
 * clock is up to a minute behind. The first key of an installation has nobody to wait for; all agree on one.
 */
export const PUBLISHED_BEFORE_SIGNING_MS = 2 * REREAD_AFTER_MS;

const placeOf = (kid: string): string => `gateway_receipt_keys:${kid}`;

/** The installation's signing keys: made on first use, sealed at rest, rotated, all public halves published. */
export class ReceiptKeys {
  readonly #sealer: Sealer;
  #current: SigningKey | undefined;
  #published: Jwks = { keys: [] };
  /** By `elapsed`. */
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    masterKey: Buffer,
  ) {
    this.#sealer = new Sealer([masterKey.toString('base64url')]);
  }

  /** The key that signs now. Call `refresh` at start-up and now and then; this never waits. */
  get current(): SigningKey {
    if (!this.#current) throw new Error('the signing keys were not loaded');
    return this.#current;
  }

  async jwks(): Promise<Jwks> {
    if (this.clock.elapsed() - this.#readAt > REREAD_AFTER_MS) await this.refresh();
    return this.#published;
  }

  /** An audit checkpoint as a compact JWS (EdDSA). */
  sign(claims: CheckpointClaims): string {
    return signCheckpoint(this.current, claims);
  }

  /** Reads the keys; makes a new one when there is none or the newest is too old. */
  async refresh(): Promise<void> {
    const readAt = this.clock.elapsed();
    const now = this.clock.now();
    let rows = await this.database.read(newestFirst);
    if (isDue(rows, now)) rows = await this.#rotate(now);
    const signing = rows.find(({ createdAt }) => now - createdAt >= PUBLISHED_BEFORE_SIGNING_MS) ?? rows.at(-1);
    if (signing && this.#current?.kid !== signing.kid) {
      const text = this.#sealer.open(signing.sealedPrivateKey, placeOf(signing.kid)).toString('utf8');
      this.#current = importSigningKey(text);
    }
    this.#published = {
      keys: rows.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' })),
    };
    this.#readAt = readAt;
  }

  /** Makes the next key, unless another replica was quicker. */
  #rotate(now: number): Promise<ReceiptKeyRow[]> {
    return this.database.transaction(async (manager) => {
      await serialize(manager, 'gateway:receipt-keys');
      const rows = await newestFirst(manager);
      if (!isDue(rows, now)) return rows;
      const key = generateSigningKey();
      const row = Object.assign(new ReceiptKeyRow(), {
        kid: key.kid,
        x: key.jwk.x,
        sealedPrivateKey: this.#sealer.seal(exportSigningKey(key), placeOf(key.kid)),
        createdAt: now,
      });
      await manager.insert(ReceiptKeyRow, row);
      return [row, ...rows];
    });
  }
}

const newestFirst = (manager: EntityManager): Promise<ReceiptKeyRow[]> =>
  manager.find(ReceiptKeyRow, { order: { createdAt: 'DESC', kid: 'ASC' } });

const isDue = ([newest]: readonly ReceiptKeyRow[], now: number): boolean =>
  !newest || now - newest.createdAt > KEY_LIFETIME_MS;

/** The composition root makes and loads the keys before anything that signs starts. */
export const RECEIPT_KEYS = Symbol('expacti.receipt-keys');
