import { describe, expect, it } from '@jest/globals';
import { approval, decision } from '../../test/fixtures.js';
import { type ClosedDecision, DecisionWaiters } from './decision-waiters.js';

const deploy = approval();
const closed: ClosedDecision = {
  approval: { ...deploy, status: 'allowed' },
  decision: decision(deploy.command),
  close_reason: 'reviewer',
  remember: null,
};

const listener = (heard: string[], name: string) => ({
  mayReceiveReceipt: true,
  onUpdated: () => void heard.push(`${name} updated`),
  onClosed: () => void heard.push(`${name} closed`),
});

describe('those who wait for a decision', () => {
  it('are told of every change and of the end, each of them', () => {
    const waiters = new DecisionWaiters();
    const heard: string[] = [];
    waiters.add(deploy.command_id, listener(heard, 'one'));
    waiters.add(deploy.command_id, listener(heard, 'two'));
    waiters.updated(deploy);
    waiters.closed(closed);
    expect(heard).toEqual(['one updated', 'two updated', 'one closed', 'two closed']);
  });

  it('are told of the end once', () => {
    const waiters = new DecisionWaiters();
    const heard: string[] = [];
    waiters.add(deploy.command_id, listener(heard, 'one'));
    waiters.closed(closed);
    waiters.closed(closed);
    waiters.updated(deploy);
    expect(heard).toEqual(['one closed']);
  });

  it('hear nothing of other commands, and nothing after they stopped waiting', () => {
    const waiters = new DecisionWaiters();
    const heard: string[] = [];
    waiters.add('cmd_other', listener(heard, 'other'));
    const stop = waiters.add(deploy.command_id, listener(heard, 'one'));
    stop();
    stop();
    waiters.closed(closed);
    expect(heard).toEqual([]);
  });

  it('may come back: an old goodbye does not end a new wait', () => {
    const waiters = new DecisionWaiters();
    const heard: string[] = [];
    const stop = waiters.add(deploy.command_id, listener(heard, 'old'));
    waiters.closed(closed);
    waiters.add(deploy.command_id, listener(heard, 'new'));
    stop();
    waiters.closed(closed);
    expect(heard).toEqual(['old closed', 'new closed']);
  });

  it('may leave while they are told', () => {
    const waiters = new DecisionWaiters();
    const heard: string[] = [];
    const stop = waiters.add(deploy.command_id, { mayReceiveReceipt: false, onClosed: () => stop() });
    waiters.add(deploy.command_id, listener(heard, 'two'));
    waiters.closed(closed);
    expect(heard).toEqual(['two closed']);
  });
});
