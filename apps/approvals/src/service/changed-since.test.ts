import { ApprovalListQuery } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRig } from '../../test/approvals-rig.js';
import { agent, ballot, held, OTHER_ORG, reviewer } from '../../test/fixtures.js';

onEachDatabase((databases) => {
  const bot = agent();
  const rita = reviewer();

  let rig: ApprovalsRig;
  beforeEach(async () => {
    rig = await new ApprovalsRig(databases).start();
  });
  afterEach(() => rig.remove());

  async function submit(command: string) {
    const { approval } = await rig.ask('approvals.submit', { principal: bot, held: held(command) });
    if (!approval) throw new Error('not held');
    return approval;
  }

  const changedSince = async (at: number, more: Record<string, unknown> = {}, principal = rita) => {
    const query = ApprovalListQuery.parse({ updated_since: timestamp(at), ...more });
    return rig.ask('approvals.list', { principal, query });
  };
  const commandsSince = async (at: number) => (await changedSince(at)).data.map(({ command }) => command);

  describe('what changed since a moment', () => {
    it('is what was asked for, voted on or closed from then on, the latest change first', async () => {
      const first = await submit('one');
      await submit('two');
      rig.clock.advance(1_000);
      const moment = rig.clock.now();
      expect(await commandsSince(moment)).toEqual([]);
      await submit('three');
      expect(await commandsSince(moment)).toEqual(['three']);
      rig.clock.advance(1_000);
      await rig.ask('approvals.vote', ballot(rita, first));
      expect(await commandsSince(moment)).toEqual(['one', 'three']);
      expect(await commandsSince(moment + 1)).toEqual(['one']);
      expect(await commandsSince(0)).toEqual(['one', 'three', 'two']);
    });

    it('includes what time has closed', async () => {
      await submit('one');
      rig.clock.advance(1_000);
      const moment = rig.clock.now();
      rig.clock.advance(24 * 3_600_000);
      const [only] = (await rig.ask('approvals.list', { principal: rita, query: { limit: 1 } })).data;
      expect(only?.close_reason).toBe('timeout');
      expect(await commandsSince(moment)).toEqual(['one']);
    });

    it('is read page by page', async () => {
      for (const command of ['one', 'two', 'three']) {
        await submit(command);
        rig.clock.advance(10);
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await changedSince(0, { limit: 2, ...(cursor === null ? {} : { cursor }) });
        seen.push(...page.data.map(({ command }) => command));
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(seen).toEqual(['three', 'two', 'one']);
    });

    it('is nothing for another org', async () => {
      await submit('one');
      expect((await changedSince(0, {}, reviewer({ org: OTHER_ORG }))).data).toEqual([]);
    });
  });
});
