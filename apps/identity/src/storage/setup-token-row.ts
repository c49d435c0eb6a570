import { textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one-time token that makes the first owner. At most one row; it goes when it is used. */
@Entity('identity_setup_tokens')
export class SetupTokenRow {
  /** SHA-256, hex. */
  @PrimaryColumn(textColumn())
  tokenHash!: string;

  @Column(timestampColumn())
  createdAt!: number;
}
