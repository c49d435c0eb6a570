import { idColumn, integerColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is counted per org. */
@Entity('policy_orgs')
export class OrgRow {
  @PrimaryColumn({ ...idColumn(), name: 'org_id' })
  org!: string;

  /** Of the snapshot: one higher with every change of rules, targets or groups. */
  @Column(integerColumn())
  version!: number;

  @Column(integerColumn())
  ruleCount!: number;

  /** Removals up to this version are forgotten: who holds an older snapshot needs a full one. */
  @Column(integerColumn())
  forgottenVersion!: number;
}
