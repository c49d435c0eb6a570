import type { Remember, VoteVerb } from '@expacti/contracts';
import { idColumn, jsonColumn, orgColumn, textColumn, timestampColumn, versionColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Voter } from '../domain/request.js';

@Entity('approvals_votes')
export class VoteRow {
  @PrimaryColumn(idColumn()) id!: string;
  @Column(orgColumn()) org!: string;
  @Column(idColumn()) approvalId!: string;
  @Column(idColumn()) verb!: VoteVerb;
  @Column(idColumn()) voterId!: string;
  /** As they were at the time of the vote. */
  @Column(jsonColumn()) voter!: Voter;
  @Column(versionColumn()) textVersion!: number;
  @Column(idColumn()) textSha256!: string;
  @Column(textColumn({ nullable: true })) reason!: string | null;
  @Column(textColumn({ nullable: true })) editedText!: string | null;
  @Column(jsonColumn({ nullable: true })) remember!: Remember | null;
  @Column(timestampColumn()) castAt!: number;
}
