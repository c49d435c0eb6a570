import { idColumn, integerColumn, orgColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many commands were decided on a day (UTC), by source and outcome. Counting rows would cost more each hour. */
@Entity('audit_days')
export class DayRow {
  @PrimaryColumn(orgColumn()) org!: string;
  /** `2026-01-31` */
  @PrimaryColumn(idColumn()) day!: string;
  @PrimaryColumn(idColumn()) source!: string;
  @PrimaryColumn(idColumn()) outcome!: string;
  @Column(integerColumn()) decided!: number;
}
