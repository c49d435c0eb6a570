import { FakeClock } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';
import { LatestMoment } from './latest-moment.js';

describe('the latest moment', () => {
  it('is what the wall clock says, also when it is set ahead', () => {
    const clock = new FakeClock(1_000);
    const moment = new LatestMoment(clock);
    expect(moment.now()).toBe(1_000);
    clock.advance(500);
    clock.setWallClock(10_000);
    expect(moment.now()).toBe(11_500);
  });

  it('goes on where the wall clock is set back, and follows it again when it has caught up', () => {
    const clock = new FakeClock(1_000_000);
    const moment = new LatestMoment(clock);
    moment.now();
    clock.setWallClock(-3_000);
    clock.advance(2_000);
    expect([clock.now(), moment.now()]).toEqual([999_000, 1_002_000]);
    clock.setWallClock(10_000);
    expect(moment.now()).toBe(clock.now());
  });
});
