import { idColumn, integerColumn, orgColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where an org's chain ends. Raised with each append by compare-and-swap, so that two appenders never fork the chain. */
@Entity('audit_heads')
export class HeadRow {
  @PrimaryColumn(orgColumn()) org!: string;
  @Column(integerColumn({ name: 'sequence' })) version!: number;
  @Column(idColumn()) hash!: string;
}
