import type { CommandKind, Shell } from '@expacti/contracts';
import { idColumn, jsonColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A shell token of an agent. Null in a scope column means any; an empty list means none. */
@Entity('identity_agent_tokens')
export class AgentTokenRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  @Column(idColumn())
  agentId!: string;

  @Column(textColumn())
  name!: string;

  /** First characters of the token, to tell tokens apart. */
  @Column(textColumn())
  hint!: string;

  /** SHA-256, hex; unique. */
  @Column(textColumn())
  tokenHash!: string;

  @Column(jsonColumn({ nullable: true }))
  targets!: string[] | null;

  @Column(jsonColumn({ nullable: true }))
  shells!: Shell[] | null;

  @Column(jsonColumn({ nullable: true }))
  kinds!: CommandKind[] | null;

  @Column(timestampColumn())
  createdAt!: number;

  @Column(timestampColumn({ nullable: true }))
  expiresAt!: number | null;

  @Column(timestampColumn({ nullable: true }))
  lastUsedAt!: number | null;

  @Column(timestampColumn({ nullable: true }))
  revokedAt!: number | null;
}
