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
import type { Clock, Database } from '@expacti/persistence';
import { ReceiptKeyRow } from './receipt-key-row.js';

/** A key signs for this long, then a new one takes over. Old ones stay published: checkpoints are kept for years. */
export const KEY_LIFETIME_MS = 30 * 86_400_000;

/** The database may have a newer key, made by another replica. */
const REREAD_AFTER_MS = 60_000;

const placeOf = (kid: string): string => `gateway_receipt_keys:${kid}`;

/** The installation's signing keys: made on first use, sealed at rest, rotated, all public halves published. */
export class ReceiptKeys {
  readonly #sealer: Sealer;
  #current: { key: SigningKey; createdAt: number } | undefined;
  #published: Jwks = { keys: [] };
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
    return this.#current.key;
  }

  async jwks(): Promise<Jwks> {
    if (this.clock.now() - this.#readAt > REREAD_AFTER_MS) await this.refresh();
    return this.#published;
  }

  /** An audit checkpoint as a compact JWS (EdDSA). */
  sign(claims: CheckpointClaims): string {
    return signCheckpoint(this.current, claims);
  }

  /** Reads the keys; makes a new one when there is none or the newest is too old. */
  async refresh(): Promise<void> {
    const now = this.clock.now();
    let rows = await this.database.read((manager) =>
      manager.find(ReceiptKeyRow, { order: { createdAt: 'DESC', kid: 'ASC' } }),
    );
    if (!rows[0] || now - rows[0].createdAt > KEY_LIFETIME_MS) rows = [await this.#rotate(now), ...rows];
    const [newest] = rows;
    if (newest && this.#current?.key.kid !== newest.kid) {
      const text = this.#sealer.open(newest.sealedPrivateKey, placeOf(newest.kid)).toString('utf8');
      this.#current = { key: importSigningKey(text), createdAt: newest.createdAt };
    }
    this.#published = {
      keys: rows.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' })),
    };
    this.#readAt = now;
  }

  async #rotate(now: number): Promise<ReceiptKeyRow> {
    const key = generateSigningKey();
    const row = Object.assign(new ReceiptKeyRow(), {
      kid: key.kid,
      x: key.jwk.x,
      sealedPrivateKey: this.#sealer.seal(exportSigningKey(key), placeOf(key.kid)),
      createdAt: now,
    });
    await this.database.transaction((manager) => manager.insert(ReceiptKeyRow, row));
    return row;
  }
}

/** The composition root makes and loads the keys before anything that signs starts. */
export const RECEIPT_KEYS = Symbol('expacti.receipt-keys');
