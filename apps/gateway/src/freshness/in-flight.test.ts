import { describe, expect, it } from '@jest/globals';
import { held } from '../../test/authorities.js';
import { InFlight } from './in-flight.js';

const stateOf = async (promise: Promise<unknown>): Promise<'waiting' | 'done'> => {
  const waiting = Symbol('waiting');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(waiting)])) === waiting ? 'waiting' : 'done';
};

describe('work in flight', () => {
  it('counts from the moment it begins', () => {
    const inFlight = new InFlight();
    let hasBegun = false;
    void inFlight.track(async () => {
      hasBegun = true;
    });
    expect(hasBegun).toBe(true);
  });

  it('is drained when everything that ran then has ended, whatever has begun since', async () => {
    const inFlight = new InFlight();
    const [first, second, later] = [held<void>(), held<void>(), held<void>()];
    const running = [first, second].map(({ promise }) => inFlight.track(() => promise));
    const drained = inFlight.drained();
    void inFlight.track(() => later.promise);
    first.give();
    expect(await stateOf(drained)).toBe('waiting');
    second.give();
    expect(await stateOf(drained)).toBe('done');
    await Promise.all(running);
  });

  it('is drained also when it failed, and hands on result and failure', async () => {
    const inFlight = new InFlight();
    await expect(inFlight.track(async () => 7)).resolves.toBe(7);
    const failing = held<void>();
    const running = inFlight.track(() => failing.promise);
    const drained = inFlight.drained();
    failing.fail(new Error('lost'));
    await expect(running).rejects.toThrow('lost');
    await drained;
  });

  it('is drained at once when there is none', async () => {
    await new InFlight().drained();
  });
});
