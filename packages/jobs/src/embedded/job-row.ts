import { idColumn, integerColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A job: `waiting` until it is due and done, `failed` after its last attempt. A running job stays `waiting`. */
@Entity('jobs_jobs')
export class JobRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(idColumn())
  name!: string;

  /** Unique per name among waiting jobs; null where the job has no key. */
  @Column({ ...textColumn(), nullable: true })
  key!: string | null;

  /** JSON text. */
  @Column(textColumn())
  payload!: string;

  @Column(idColumn())
  state!: 'waiting' | 'failed';

  /** When it was to run first. */
  @Column(timestampColumn())
  dueAt!: number;

  /** When it runs next: later than `dueAt` after a failure. */
  @Column(timestampColumn())
  runAt!: number;

  @Column({ ...integerColumn(), nullable: true })
  everyMs!: number | null;

  @Column(integerColumn())
  attempts!: number;

  @Column(integerColumn())
  maxAttempts!: number;

  @Column({ ...textColumn(), nullable: true })
  lastError!: string | null;

  /** Raised by each rescheduling: a run that ends late does not undo it. */
  @Column(integerColumn())
  revision!: number;
}
