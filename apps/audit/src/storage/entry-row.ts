import type { Actor } from '@expacti/contracts';
import { idColumn, integerColumn, jsonColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One link of an org's chain. Triggers refuse every change and removal. */
@Entity('audit_entries')
export class EntryRow {
  @PrimaryColumn(orgColumn()) org!: string;
  @PrimaryColumn(integerColumn()) sequence!: number;
  /** The event that the entry was made of: the same event makes one entry, however often it is delivered. */
  @Column(idColumn()) eventId!: string;
  @Column(timestampColumn()) at!: number;
  @Column(jsonColumn()) actor!: Actor;
  @Column(idColumn()) actorId!: string;
  @Column(textColumn()) action!: string;
  @Column(textColumn()) subjectType!: string;
  @Column(textColumn()) subjectId!: string;
  /** The command whose story the entry belongs to. */
  @Column(idColumn({ nullable: true })) commandId!: string | null;
  @Column(jsonColumn()) data!: object;
  @Column(idColumn()) previousHash!: string;
  @Column(idColumn()) hash!: string;
}
