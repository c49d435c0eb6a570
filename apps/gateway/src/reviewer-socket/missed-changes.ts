import type { ChangesSince, UserPrincipal } from '@expacti/contracts';
import { CLOCK, type Clock, RPC_CLIENT, type RpcClient, timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { cursorAt, momentOf } from './stream-cursor.js';

/** More than this and reading the whole queue again is cheaper, too. */
const MOST_CHANGES = 200;

/**
 * How much longer ago than its cursor a client is told about. A change is stamped before it is committed and before its
 * event arrives, and clocks differ: within this time an event may come after one that was stamped later.
 */
const OVERLAP_MS = 30_000;

/** What a reviewer's client missed while it was away. */
@Injectable()
export class MissedChanges {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The place in the stream where everything is that happens from now on. */
  cursor(): string {
    return cursorAt(this.clock.now());
  }

  async since(principal: UserPrincipal, cursor: string): Promise<ChangesSince> {
    const moment = momentOf(cursor);
    const now = this.clock.now();
    // The future is another clock's: what happened until it is reached would be left out.
    if (moment === null || moment > now + OVERLAP_MS) return this.reset();
    const page = await this.rpc.ask('approvals.list', {
      principal,
      query: { updated_since: timestamp(Math.max(0, moment - OVERLAP_MS)), limit: MOST_CHANGES },
    });
    return page.next_cursor === null
      ? { reset: false, approvals: page.data, cursor: cursorAt(now) }
      : { reset: true, cursor: cursorAt(now) };
  }

  /** Whoever is told this reads everything again, which is right whatever the trouble was. */
  reset(): ChangesSince {
    return { reset: true, cursor: this.cursor() };
  }
}
