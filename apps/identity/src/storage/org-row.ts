import type { Timeout } from '@expacti/contracts';
import { booleanColumn, idColumn, integerColumn, jsonColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A tenant and its settings. */
@Entity('identity_orgs')
export class OrgRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(textColumn())
  name!: string;

  /** Made for evaluation: nothing of it works in a server that was not started for evaluation. */
  @Column(booleanColumn())
  eval!: boolean;

  @Column(jsonColumn())
  timeout!: Timeout;

  @Column(booleanColumn())
  onePersonApproval!: boolean;

  @Column(textColumn())
  rememberDynamic!: 'never' | 'session' | 'yes';

  @Column(integerColumn())
  pendingLimit!: number;

  /** Counts the changes that gateways must know of before they are in force (see `IdentityWriter`). */
  @Column(integerColumn())
  freshness!: number;

  @Column(timestampColumn())
  createdAt!: number;

  @Column(timestampColumn())
  updatedAt!: number;

  /** Name of the person; null for the installation itself. */
  @Column(textColumn({ nullable: true }))
  updatedBy!: string | null;
}
