import { textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A token that makes the first owner: one for each process that started lately. All go when one is used. */
@Entity('identity_setup_tokens')
export class SetupTokenRow {
  /** SHA-256, hex. */
  @PrimaryColumn(textColumn())
  tokenHash!: string;

  @Column(timestampColumn())
  createdAt!: number;
}
