import { booleanColumn, idColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A program that asks to run commands. */
@Entity('identity_agents')
export class AgentRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  /** Unique in its org. */
  @Column(textColumn())
  name!: string;

  @Column(textColumn({ nullable: true }))
  description!: string | null;

  /** The person who made it; stays when that person is removed, so that nobody inherits the right to approve. */
  @Column(idColumn())
  ownerId!: string;

  @Column(booleanColumn())
  suspended!: boolean;

  @Column(timestampColumn())
  createdAt!: number;

  @Column(timestampColumn({ nullable: true }))
  lastSeenAt!: number | null;
}
