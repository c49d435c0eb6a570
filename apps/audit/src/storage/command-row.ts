import type { CommandKind, CommandRecord, Decision, DecisionSource } from '@expacti/contracts';
import { idColumn, jsonColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RunResult } from '../domain/command-change.js';

/** TypeORM's types cannot follow free JSON, so the context is just an object here. */
type StoredRecord = Omit<CommandRecord, 'command' | 'context'> & { context: object | null };

/** A command as the history shows it, whoever decided it. Made of the events alone; it can be made anew from the entries. */
@Entity('audit_commands')
export class CommandRow {
  @PrimaryColumn(idColumn()) id!: string;
  @Column(orgColumn()) org!: string;
  @Column(idColumn()) status!: 'pending' | 'allowed' | 'denied';
  @Column(idColumn()) kind!: CommandKind;
  @Column(idColumn({ nullable: true })) source!: DecisionSource | null;
  @Column(idColumn()) agentId!: string;
  @Column(idColumn({ nullable: true })) sessionId!: string | null;
  @Column(textColumn({ nullable: true })) target!: string | null;
  @Column(idColumn({ nullable: true })) ruleId!: string | null;
  /** What is searched. */
  @Column(textColumn()) text!: string;
  /** The command as it was asked for; `text` beside it is not repeated. */
  @Column(jsonColumn()) record!: StoredRecord;
  @Column(jsonColumn({ nullable: true })) decision!: Omit<Decision, 'receipt'> | null;
  @Column(timestampColumn()) createdAt!: number;
  @Column(timestampColumn({ nullable: true })) deadlineAt!: number | null;
  @Column(timestampColumn({ nullable: true })) decidedAt!: number | null;
  @Column(timestampColumn({ nullable: true })) startedAt!: number | null;
  @Column(jsonColumn({ nullable: true })) result!: RunResult | null;
}
