import type { RoleName } from '@expacti/contracts';
import { booleanColumn, idColumn, jsonColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person. */
@Entity('identity_users')
export class UserRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  /** Lower case; unique in the whole installation, because one signs in with it alone. */
  @Column(textColumn())
  email!: string;

  @Column(textColumn())
  name!: string;

  @Column(jsonColumn())
  roles!: RoleName[];

  @Column(booleanColumn())
  active!: boolean;

  /** Argon2id in PHC format; null until an invitation is accepted, and for the demo reviewer for ever. */
  @Column(textColumn({ nullable: true }))
  passwordHash!: string | null;

  /** The reviewer of an evaluation, who signs in with a published token. */
  @Column(booleanColumn())
  demo!: boolean;

  @Column(timestampColumn())
  createdAt!: number;

  @Column(timestampColumn({ nullable: true }))
  lastSignInAt!: number | null;
}
