import { idColumn, integerColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a write with an `Idempotency-Key` answered, so that a repetition answers the same and does nothing. */
@Entity('gateway_idempotent_responses')
export class IdempotentResponseRow {
  /** SHA-256 (hex) of principal, key: keys of different callers never meet. */
  @PrimaryColumn(idColumn())
  id!: string;

  /** SHA-256 (hex) of method, path and body. */
  @Column(textColumn())
  fingerprint!: string;

  /** Null while the first request runs. */
  @Column(integerColumn({ nullable: true }))
  status!: number | null;

  /** Sealed: an answer may hold a token that is shown once. */
  @Column(textColumn({ nullable: true }))
  sealedBody!: string | null;

  @Column(timestampColumn())
  createdAt!: number;
}
