import { idColumn, integerColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A rule that is gone: what a snapshot that is brought up to date has to drop. */
@Entity('policy_removed_rules')
export class RemovedRuleRow {
  @PrimaryColumn({ ...idColumn(), name: 'org_id' })
  org!: string;

  @PrimaryColumn(idColumn())
  ruleId!: string;

  /** The snapshot version that no longer has it. */
  @Column(integerColumn())
  version!: number;
}
