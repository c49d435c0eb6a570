import type { Shell } from '@expacti/contracts';
import { booleanColumn, idColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('policy_targets')
export class TargetRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  /** Unique per org. */
  @Column(textColumn())
  name!: string;

  @Column(textColumn({ nullable: true }))
  description!: string | null;

  @Column(idColumn({ nullable: true }))
  shell!: Shell | null;

  @Column(booleanColumn())
  production!: boolean;

  @Column(timestampColumn())
  createdAt!: number;
}

@Entity('policy_target_groups')
export class TargetGroupRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  /** Unique per org. */
  @Column(textColumn())
  name!: string;

  @Column(textColumn({ nullable: true }))
  description!: string | null;

  @Column(timestampColumn())
  createdAt!: number;
}

/** A target is a member of a group. */
@Entity('policy_target_memberships')
export class TargetMembershipRow {
  @PrimaryColumn({ ...idColumn(), name: 'org_id' })
  org!: string;

  @PrimaryColumn(idColumn())
  targetId!: string;

  @PrimaryColumn(idColumn())
  groupId!: string;
}
