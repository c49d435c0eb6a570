import { textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that signs access tokens. */
@Entity('identity_signing_keys')
export class SigningKeyRow {
  /** RFC 7638 thumbprint. */
  @PrimaryColumn(textColumn())
  kid!: string;

  /** The private JWK, sealed with the installation's master key. */
  @Column(textColumn())
  sealedPrivateKey!: string;

  @Column(timestampColumn())
  createdAt!: number;
}
