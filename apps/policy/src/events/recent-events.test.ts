import { describe, expect, it } from '@jest/globals';
import { RecentEvents } from './recent-events.js';

describe('events that a process remembers', () => {
  it('have their effect once, also while it is still under way', async () => {
    const recent = new RecentEvents();
    let done = 0;
    const work = async () => {
      done += 1;
    };
    await Promise.all([recent.once('evt_1', work), recent.once('evt_1', work), recent.once('evt_2', work)]);
    await recent.once('evt_1', work);
    expect(done).toBe(2);
  });

  it('are tried again where it failed, whoever waited for it', async () => {
    const recent = new RecentEvents();
    const fails = () => Promise.reject(new Error('no database'));
    const both = await Promise.allSettled([recent.once('evt_1', fails), recent.once('evt_1', fails)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    let done = 0;
    await recent.once('evt_1', async () => {
      done += 1;
    });
    expect(done).toBe(1);
  });

  it('are the newest: what is old is forgotten', async () => {
    const recent = new RecentEvents();
    let done = 0;
    const work = async () => {
      done += 1;
    };
    for (let number = 0; number <= 20_000; number += 1) await recent.once(`evt_${number}`, work);
    await recent.once('evt_1', work);
    expect(done).toBe(20_001);
    await recent.once('evt_0', work);
    expect(done).toBe(20_002);
  });
});
