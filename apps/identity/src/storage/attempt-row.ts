import { integerColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many sign-ins in a row failed for one account, address, or pair of them. The key is a hash: no e-mail is kept. */
@Entity('identity_attempts')
export class AttemptRow {
  @PrimaryColumn(textColumn())
  key!: string;

  @Column(integerColumn())
  failures!: number;

  @Column(timestampColumn())
  lastAt!: number;
}
