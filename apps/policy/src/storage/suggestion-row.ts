import type { RuleSuggestion } from '@expacti/contracts';
import { idColumn, integerColumn, jsonColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A pattern that people have decided on, and how. It is shown as a suggestion once it has earned that (see
 * `listSuggestions`); until then it only counts.
 */
@Entity('policy_suggestions')
export class SuggestionRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  /** Of the rule that it would become; unique per org. */
  @Column(idColumn())
  fingerprint!: string;

  @Column(idColumn())
  state!: 'open' | 'accepted' | 'dismissed';

  @Column(textColumn())
  pattern!: string;

  /** A `NewRule`; named loosely, for TypeORM's own types cannot take a recursive one. */
  @Column(jsonColumn())
  rule!: object;

  @Column(integerColumn())
  approvals!: number;

  @Column(integerColumn())
  denials!: number;

  /** Different lines that were approved, the first few. */
  @Column(jsonColumn())
  samples!: RuleSuggestion['samples'];

  @Column(integerColumn())
  sampleCount!: number;

  /** How many different lines it takes to suggest this: one for the line itself, two for a pattern. */
  @Column(integerColumn())
  samplesNeeded!: number;

  @Column(timestampColumn())
  firstSeenAt!: number;

  @Column(timestampColumn())
  lastSeenAt!: number;
}
