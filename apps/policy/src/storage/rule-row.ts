import type { Rule, RuleScope } from '@expacti/contracts';
import {
  booleanColumn,
  idColumn,
  integerColumn,
  jsonColumn,
  orgColumn,
  textColumn,
  timestampColumn,
} from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('policy_rules')
export class RuleRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  @Column(idColumn())
  effect!: Rule['effect'];

  @Column(idColumn())
  kind!: Rule['kind'];

  @Column(idColumn())
  patternType!: Rule['pattern_type'];

  @Column(textColumn())
  pattern!: string;

  @Column(idColumn())
  scopeType!: RuleScope['type'];

  @Column(textColumn({ nullable: true }))
  scopeId!: string | null;

  @Column(idColumn({ nullable: true }))
  agentId!: string | null;

  @Column(idColumn({ nullable: true }))
  sessionId!: string | null;

  @Column(idColumn({ nullable: true }))
  shell!: Rule['shell'];

  @Column(textColumn({ nullable: true }))
  cwd!: string | null;

  @Column(booleanColumn())
  pipeline!: boolean;

  /** Of the type that rules have; named loosely, for TypeORM's own types cannot take a recursive one. */
  @Column(jsonColumn())
  matchers!: object[];

  @Column(idColumn({ nullable: true }))
  direction!: Rule['direction'];

  @Column(timestampColumn({ nullable: true }))
  expiresAt!: number | null;

  @Column(booleanColumn())
  shadow!: boolean;

  @Column(jsonColumn())
  examples!: Rule['examples'];

  @Column(textColumn({ nullable: true }))
  note!: string | null;

  @Column(jsonColumn())
  approvedFor!: Rule['approved_for'];

  @Column(idColumn())
  createdById!: string;

  @Column(textColumn())
  createdByName!: string;

  /** The approval whose deciding vote asked for the rule: it makes one rule at most. */
  @Column(idColumn({ nullable: true }))
  approvalId!: string | null;

  /** Unique per org: two rules in force never say the same (see `ruleFingerprint`). An expired rule may give it up. */
  @Column(idColumn())
  fingerprint!: string;

  /** The snapshot version that last changed what the rule says. Being used does not. */
  @Column(integerColumn())
  changedVersion!: number;

  @Column(timestampColumn())
  createdAt!: number;

  @Column(timestampColumn())
  updatedAt!: number;

  @Column(timestampColumn({ nullable: true }))
  lastUsedAt!: number | null;

  @Column(integerColumn())
  useCount!: number;

  @Column(integerColumn())
  shadowCount!: number;
}
