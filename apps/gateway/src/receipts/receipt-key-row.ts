import { idColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signing key of receipts and checkpoints. The private half is sealed with the installation's master key. */
@Entity('gateway_receipt_keys')
export class ReceiptKeyRow {
  /** RFC 7638 thumbprint. */
  @PrimaryColumn(idColumn())
  kid!: string;

  /** Base64url of the raw Ed25519 public key. */
  @Column(textColumn())
  x!: string;

  @Column(textColumn())
  sealedPrivateKey!: string;

  @Column(timestampColumn())
  createdAt!: number;
}
