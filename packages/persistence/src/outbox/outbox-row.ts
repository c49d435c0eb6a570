import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { idColumn, textColumn } from '../columns.js';

/** An event that has been decided upon but not yet published. `sequence` is the order of publication. */
@Entity('outbox_events')
export class OutboxRow {
  @PrimaryGeneratedColumn()
  sequence!: number;

  @Column(idColumn({ unique: true }))
  eventId!: string;

  @Column(textColumn())
  type!: string;

  @Column(idColumn())
  org!: string;

  @Column(textColumn())
  key!: string;

  @Column(textColumn())
  at!: string;

  /** JSON text, as it will be on the bus. */
  @Column(textColumn())
  payload!: string;
}
