import type { Analysis, CloseReason, CommandKind, Decision, Risk, Shell } from '@expacti/contracts';
import {
  booleanColumn,
  idColumn,
  jsonColumn,
  orgColumn,
  textColumn,
  timestampColumn,
  versionColumn,
} from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HeldRequest, Requirement, RunResult, TimeoutAction } from '../domain/request.js';

@Entity('approvals_requests')
export class RequestRow {
  @PrimaryColumn(idColumn()) id!: string;
  @Column(orgColumn()) org!: string;
  @Column(idColumn()) commandId!: string;
  /** Raised by every change of the row, for compare-and-swap. Not the version that votes name: that is `textVersion`. */
  @Column(versionColumn({ name: 'revision' })) version!: number;
  @Column(idColumn()) status!: 'pending' | 'allowed' | 'denied';

  @Column(idColumn()) agentId!: string;
  @Column(textColumn()) agentName!: string;
  @Column(idColumn({ nullable: true })) agentOwnerId!: string | null;
  @Column(idColumn({ nullable: true })) sessionId!: string | null;
  @Column(textColumn({ nullable: true })) ref!: string | null;
  /** What an idempotency key of the agent is bound to. */
  @Column(idColumn()) fingerprint!: string;

  @Column(idColumn()) kind!: CommandKind;
  @Column(versionColumn()) textVersion!: number;
  @Column(textColumn()) text!: string;
  @Column(idColumn()) textSha256!: string;
  @Column(textColumn()) textEscaped!: string;
  @Column(jsonColumn()) analysis!: Analysis;
  @Column(jsonColumn()) risk!: Risk;
  @Column(jsonColumn()) requirement!: Requirement;
  @Column(jsonColumn({ nullable: true })) original!: HeldRequest['original'];

  @Column(idColumn()) shell!: Shell;
  @Column(textColumn({ nullable: true })) cwd!: string | null;
  @Column(textColumn({ nullable: true })) target!: string | null;
  @Column(textColumn({ nullable: true })) reason!: string | null;
  @Column(jsonColumn({ nullable: true })) context!: object | null;
  @Column(booleanColumn()) encrypted!: boolean;
  @Column(booleanColumn()) onePersonApproval!: boolean;
  @Column(idColumn()) timeoutAction!: TimeoutAction;

  @Column(timestampColumn()) createdAt!: number;
  /** When the row was written last: what a reviewer who was away asks after. */
  @Column(timestampColumn()) updatedAt!: number;
  @Column(timestampColumn()) deadlineAt!: number;
  @Column(timestampColumn({ nullable: true })) closedAt!: number | null;
  @Column(idColumn({ nullable: true })) closeReason!: CloseReason | null;
  @Column(jsonColumn({ nullable: true })) decision!: Omit<Decision, 'receipt'> | null;

  @Column(timestampColumn({ nullable: true })) withdrawnAt!: number | null;
  /** Set once, before the receipt is given out: the command has started. */
  @Column(idColumn({ nullable: true })) receiptJti!: string | null;
  @Column(timestampColumn({ nullable: true })) receiptIssuedAt!: number | null;
  @Column(timestampColumn({ nullable: true })) receiptExpiresAt!: number | null;
  @Column(jsonColumn({ nullable: true })) result!: RunResult | null;
}
