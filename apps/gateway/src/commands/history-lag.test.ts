import { createIdSource } from '@expacti/persistence';
import { FakeClock } from '@expacti/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { agent } from '../../test/fixtures.js';
import { HistoryLag } from './history-lag.js';

const bot = agent();

let clock: FakeClock;
let lag: HistoryLag;
/** How often the history was asked. */
let looks: number;
/** What it says from its n-th answer on. */
let knownFrom: number;
beforeEach(() => {
  clock = new FakeClock();
  lag = new HistoryLag(clock);
  [looks, knownFrom] = [0, Number.POSITIVE_INFINITY];
});

const look = async () => {
  looks += 1;
  return looks >= knownFrom ? 'found' : null;
};
const turn = () => new Promise((resolve) => setImmediate(resolve));
const idOf = (ageMs: number) =>
  createIdSource(
    () => clock.now() - ageMs,
    (bytes) => bytes.fill(1),
  )('cmd');

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await turn();
    clock.advance(50);
  }
  await turn();
}

describe('a command that nobody knows', () => {
  it('and that was made moments ago is looked for until the history knows it', async () => {
    knownFrom = 4;
    const found = lag.find(bot, idOf(100), look);
    await pass(300);
    expect(await found).toBe('found');
    expect([looks, clock.waiting]).toEqual([4, 0]);
  });

  it('does not exist, when that goes on for three seconds', async () => {
    const found = lag.find(bot, idOf(100), look);
    await pass(2_900);
    expect(clock.waiting).toBe(1);
    await pass(100);
    expect(await found).toBeNull();
    expect(looks).toBeLessThan(12);
  });

  it('does not exist at once, when it was made long ago, in times to come, or by nobody', async () => {
    for (const id of [idOf(30_000), idOf(-30_000), 'cmd_0'])
      expect([id, await lag.find(bot, id, look)]).toEqual([id, null]);
    expect([looks, clock.waiting]).toEqual([3, 0]);
  });

  it('is waited for by an agent so often at once and no more, whatever others do', async () => {
    const waits = Array.from({ length: 16 }, () => lag.find(bot, idOf(0), look));
    await turn();
    await expect(lag.find(bot, idOf(0), look)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    const other = lag.find(agent(), idOf(0), look);
    await pass(3_000);
    expect(await Promise.all([...waits, other])).toEqual(Array.from({ length: 17 }, () => null));
    knownFrom = 0;
    expect(await lag.find(bot, idOf(0), look)).toBe('found');
  });

  it('is a failure where the history fails, and leaves room for the next question', async () => {
    const failing = async (): Promise<null> => {
      looks += 1;
      if (looks > 1) throw new Error('lost');
      return null;
    };
    for (let again = 0; again < 20; again += 1) {
      looks = 0;
      const found = lag.find(bot, idOf(0), failing);
      found.catch(() => undefined);
      await pass(50);
      await expect(found).rejects.toThrow('lost');
    }
  });
});
