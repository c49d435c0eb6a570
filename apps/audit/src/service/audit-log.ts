import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { GENESIS_HASH } from '@expacti/crypto';
import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, DATABASE, timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { exportEntries, headOf, listEntries } from '../storage/entry-store.js';

/** Shows an org its chain, and where it stands. */
@Injectable()
export class AuditLog {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
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
  async head({ principal: { org } }: RpcHandled<'audit.head'>): Promise<RpcResponse<'audit.head'>> {
    const head = await this.database.read((manager) => headOf(manager, org));
    const { sequence, hash } = head ?? { sequence: 0, hash: GENESIS_HASH };
    return { org, sequence, hash, at: timestamp(this.clock.now()) };
  }
}
