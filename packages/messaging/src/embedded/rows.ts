import { idColumn, integerColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** The columns of an event wherever it is kept. `payload` is JSON text. */
abstract class EventColumns {
  @Column(idColumn())
  eventId!: string;

  @Column(textColumn())
  type!: string;

  @Column(idColumn())
  org!: string;

  @Column(textColumn())
  key!: string;

  @Column(textColumn())
  at!: string;

  @Column(textColumn())
  payload!: string;
}

/** Every published event, in order of publication. Positions are never used twice. */
@Entity('messaging_log')
export class LogRow extends EventColumns {
  @PrimaryGeneratedColumn()
  position!: number;
}

/** How far a group has come: everything up to `cursor` is acknowledged or parked. */
@Entity('messaging_groups')
export class GroupRow {
  @PrimaryColumn(idColumn())
  groupName!: string;

  @Column(integerColumn())
  cursor!: number;
}

/** A delivery that failed and will be tried again: its count of attempts outlives the process. */
@Entity('messaging_deliveries')
export class DeliveryRow extends EventColumns {
  @PrimaryColumn(idColumn())
  groupName!: string;

  @PrimaryColumn(integerColumn())
  position!: number;

  @Column(integerColumn())
  attempts!: number;

  @Column(timestampColumn())
  nextAttemptAt!: number;

  @Column(textColumn())
  lastError!: string;
}

/** A delivery that was given up. */
@Entity('messaging_dead_letters')
export class DeadLetterRow extends EventColumns {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(idColumn())
  groupName!: string;

  @Column(integerColumn())
  position!: number;

  @Column(integerColumn())
  attempts!: number;

  @Column(textColumn())
  error!: string;

  @Column(timestampColumn())
  diedAt!: number;
}

/** Which group has already done the work of which event. */
@Entity('messaging_inbox')
export class InboxRow {
  @PrimaryColumn(idColumn())
  eventId!: string;

  @PrimaryColumn(idColumn())
  groupName!: string;
}
