import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRig, codeOf } from '../../test/approvals-rig.js';
import { agent, ballot, held, reviewer, risk } from '../../test/fixtures.js';

onEachDatabase((databases) => {
  let rig: ApprovalsRig;
  const bot = agent();
  const rita = reviewer();

  beforeEach(async () => {
    rig = await new ApprovalsRig(databases).start();
  });

  afterEach(async () => {
    expect(rig.failures).toEqual([]);
    await rig.remove();
  });

  async function submit(more: Parameters<typeof held>[1] = {}) {
    const { command, approval } = await rig.ask('approvals.submit', { principal: bot, held: held(undefined, more) });
    if (approval === null) throw new Error('not held');
    return { command, approval };
  }

  const closings = () => rig.facts('approval.closed');

  describe('a deadline', () => {
    it('closes the request when its time has come, without anybody asking', async () => {
      const { approval } = await submit({ timeout: { action: 'deny', seconds: 30 } });
      const later = await submit({ timeout: { action: 'deny', seconds: 300 } });
      rig.clock.advance(29_999);
      rig.clock.advance(1);
      await eventually(async () => (await closings()).length === 1);
      const [closed] = await closings();
      expect(closed?.payload.actor.kind).toBe('system');
      expect(closed?.payload.data).toMatchObject({
        close_reason: 'timeout',
        decision: { outcome: 'denied', source: 'timeout' },
        approval: { id: approval.id, status: 'denied' },
      });
      rig.clock.advance(270_000);
      await eventually(async () => (await closings()).length === 2);
      expect((await rig.ask('approvals.get', { principal: rita, id: later.approval.id })).close_reason).toBe('timeout');
    });

    it('is too late for a vote that comes before any sweep, and that vote finds the request closed by time', async () => {
      const { approval } = await submit();
      // The vote is asked for in the same turn in which time jumps: nothing else has had a chance to run.
      rig.clock.advance(60_000);
      const code = await codeOf(rig.ask('approvals.vote', ballot(rita, approval)));
      expect(code).toBe('ALREADY_CLOSED');
      expect(await closings()).toHaveLength(1);
    });

    it('survives a restart: what fell due while nothing ran is closed at start-up', async () => {
      await submit();
      const open = await submit({ timeout: { action: 'hold', seconds: 86_400 } });
      await rig.stop();
      rig.clock.advance(3_600_000);
      await rig.start();
      expect(await closings()).toHaveLength(1);
      const list = await rig.ask('approvals.list', { principal: rita, query: { limit: 50, status: 'pending' } });
      expect(list.data.map(({ id }) => id)).toEqual([open.approval.id]);
    });

    it('allows what the timeout policy allows, once, and marks it', async () => {
      const { command } = await submit({ timeout: { action: 'allow', seconds: 60 }, risk: risk('low') });
      rig.clock.advance(60_000);
      await eventually(async () => (await closings()).length === 1);
      const start = { principal: bot, id: command.id, receipt_seconds: 60 };
      const grant = await rig.ask('approvals.start', start);
      expect(grant.command.decision).toMatchObject({ outcome: 'allowed', source: 'timeout' });
      expect(await codeOf(rig.ask('approvals.start', start))).toBe('ALREADY_STARTED');
    });

    it('closes each of many at once exactly once, voters and timers together', async () => {
      const all: Awaited<ReturnType<typeof submit>>[] = [];
      // An agent's submissions take turns: all at once, the last would wait too long on a busy machine.
      while (all.length < 120)
        all.push(...(await Promise.all(Array.from({ length: 20 }, () => submit({ pending_limit: 1_000 })))));
      rig.clock.advance(60_000);
      const votes = await Promise.all(
        all.slice(0, 60).map(({ approval }) => codeOf(rig.ask('approvals.vote', ballot(rita, approval)))),
      );
      expect(new Set(votes)).toEqual(new Set(['ALREADY_CLOSED']));
      await eventually(async () => {
        // A sweep that a busy machine made fail is tried again five seconds later.
        rig.clock.advance(100);
        return (await closings()).length >= 120;
      });
      const closed = await closings();
      expect(new Set(closed.map(({ key }) => key)).size).toBe(120);
      expect(closed).toHaveLength(120);
    });
  });
});
