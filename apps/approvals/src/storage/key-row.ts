import { idColumn, orgColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An idempotency key of an agent, and the one command that it stands for. */
@Entity('approvals_keys')
export class KeyRow {
  @PrimaryColumn(orgColumn()) org!: string;
  @PrimaryColumn(idColumn()) agentId!: string;
  @PrimaryColumn({ type: 'varchar', length: 200 }) key!: string;
  @Column(idColumn()) fingerprint!: string;
  @Column(idColumn()) commandId!: string;
  @Column(timestampColumn()) createdAt!: number;
}
