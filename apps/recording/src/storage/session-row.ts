import { idColumn, jsonColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One connection's worth of an agent's work. */
@Entity('recording_sessions')
export class SessionRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  @Column(idColumn())
  agentId!: string;

  /** As it was called when the session began. */
  @Column(textColumn())
  agentName!: string;

  @Column(textColumn({ nullable: true }))
  name!: string | null;

  @Column(textColumn({ nullable: true }))
  target!: string | null;

  @Column(jsonColumn())
  labels!: Record<string, string>;

  @Column(jsonColumn({ nullable: true }))
  client!: { name: string; version: string } | null;

  @Column(timestampColumn())
  startedAt!: number;

  @Column(timestampColumn({ nullable: true }))
  endedAt!: number | null;
}
