import { idColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A one-time token with which an invited person chooses a password. It goes when it is used. */
@Entity('identity_invitations')
export class InvitationRow {
  /** SHA-256, hex. */
  @PrimaryColumn(textColumn())
  tokenHash!: string;

  @Column(orgColumn())
  org!: string;

  @Column(idColumn())
  userId!: string;

  @Column(timestampColumn())
  expiresAt!: number;
}
