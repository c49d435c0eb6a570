import type { AgentPrincipal } from '@expacti/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandRig } from '../../test/command-rig.js';
import { agent, decision } from '../../test/fixtures.js';
import { DecisionWait } from './decision-wait.js';

let rig: CommandRig;
let wait: DecisionWait;
let bot: AgentPrincipal;
beforeEach(async () => {
  rig = await CommandRig.start();
  wait = new DecisionWait(rig.commands, rig.waiters, rig.clock);
  bot = await rig.admit(agent());
});
afterEach(() => rig.stop());

/** Decides in the queue and brings the news, as the bus does. */
function decide(id: string): void {
  const { approval } = rig.decide(id, decision('make'));
  rig.waiters.closed({ approval, decision: decision('make'), close_reason: 'reviewer', remember: null });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('waiting for a decision', () => {
  it('ends when the decision comes', async () => {
    const { id } = rig.hold(bot, 'make').command;
    const waiting = wait.forDecision(bot, id, 60);
    await turn();
    decide(id);
    expect(await waiting).toMatchObject({ id, status: 'allowed' });
  });

  it('ends when the time is over, with what is true then', async () => {
    const timers = rig.clock.waiting;
    const { id } = rig.hold(bot, 'make').command;
    const waiting = wait.forDecision(bot, id, 60);
    await turn();
    rig.clock.advance(60_000);
    expect(await waiting).toMatchObject({ id, status: 'pending' });
    // Only the leases go on.
    expect(rig.clock.waiting).toBeLessThanOrEqual(timers);
  });

  it('does not begin where the decision is known, or no time is given', async () => {
    const { id } = rig.hold(bot, 'make').command;
    expect(await wait.forDecision(bot, id, 0)).toMatchObject({ status: 'pending' });
    rig.decide(id, decision('make'));
    expect(await wait.forDecision(bot, id, 60)).toMatchObject({ status: 'allowed' });
  });

  it('misses no decision that comes between the question and the answer', async () => {
    const { id, ...pending } = rig.hold(bot, 'make').command;
    let isFirst = true;
    rig.authorities.answer('approvals.command', () => {
      if (!isFirst) return rig.queue.get(id)?.command ?? null;
      isFirst = false;
      decide(id);
      return { id, ...pending };
    });
    expect(await wait.forDecision(bot, id, 60)).toMatchObject({ status: 'allowed' });
  });

  it('ends when the server stops, with what is true then', async () => {
    const { id } = rig.hold(bot, 'make').command;
    const waiting = wait.forDecision(bot, id, 60);
    await turn();
    wait.endAll();
    expect(await waiting).toMatchObject({ id, status: 'pending' });
  });

  it('shows nobody what belongs to another agent', async () => {
    const { id } = rig.hold(agent(), 'make').command;
    await expect(wait.forDecision(bot, id, 60)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leaves nothing behind when it is stopped', async () => {
    const listening = wait.listen('cmd_1');
    const timers = rig.clock.waiting;
    const over = listening.until(10);
    expect(rig.clock.waiting).toBe(timers + 1);
    rig.clock.advance(10_000);
    await over;
    listening.stop();
  });
});
