import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { GENESIS_HASH } from '@expacti/crypto';
import type { Clock, Database } from '@expacti/persistence';
import { CHECKPOINT_SIGNER, type CheckpointSigner, CLOCK, DATABASE, timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { exportEntries, headOf, listEntries } from '../storage/entry-store.js';

/** Shows an org its chain, and signs where it stands. */
@Injectable()
export class AuditLog {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CHECKPOINT_SIGNER) private readonly signer: CheckpointSigner,
  ) {}

  async entries({ principal, query }: RpcHandled<'audit.entries'>): Promise<RpcResponse<'audit.entries'>> {
    const page = await this.database.read((manager) => listEntries(manager, principal.org, query));
    return { data: page.entries, next_cursor: page.nextCursor };
  }

  async export({ principal, after_sequence, limit }: RpcHandled<'audit.export'>): Promise<RpcResponse<'audit.export'>> {
    const entries = await this.database.read((manager) => exportEntries(manager, principal.org, after_sequence, limit));
    return { entries };
  }

  /** An org without entries stands at 0, at the hash that its first entry will follow. */
  async checkpoint({ principal: { org } }: RpcHandled<'audit.checkpoint'>): Promise<RpcResponse<'audit.checkpoint'>> {
    const head = await this.database.read((manager) => headOf(manager, org));
    const { sequence, hash } = head ?? { sequence: 0, hash: GENESIS_HASH };
    const claims = { org, sequence, hash, at: timestamp(this.clock.now()) };
    return { ...claims, signature: await this.signer.sign(claims) };
  }
}
