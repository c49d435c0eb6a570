import { eventually } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Frame } from '../support/agent.js';
import { expacti } from '../support/cli.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { CHAOS } from './chaos.js';
import { deadLetters } from './dead-letters.js';
import { EventStreams, fieldOf, like } from './event-streams.js';
import { decideMore, startSystem, withstand } from './withstand.js';

/** Of the delivery policy: an event is tried this often, over a minute and a half. */
const MOST_ATTEMPTS = 12;
const GIVEN_UP_WITHIN_MS = 240_000;
const POISON = 'evt_poison';

let system: DistributedSystem;
beforeAll(async () => {
  system = await startSystem({ replicas: { audit: 2 } });
}, 120_000);
afterAll(() => system.remove(), 60_000);

/** An event of a known type that breaks its contract, as a bug or whoever has the Redis would add it. */
const poison = () =>
  EventStreams.use(system, async (streams) => {
    const started = async () => (await streams.events()).find((event) => fieldOf(event, 'type') === 'command.started');
    const known = await eventually(started, 'a command that was started');
    if (!known) throw new Error('there is none');
    const fields = { id: POISON, key: POISON, payload: '{"subject":{"type":"command","id":7},"data":"nonsense"}' };
    await streams.add([like(known, fields)]);
  });

const isPoison = ({ event }: Frame): boolean => event.id === POISON;
const letters = async (): Promise<Frame[]> => (await deadLetters(system, ['--group', 'audit'])).filter(isPoison);
const streamsDead = (...args: string[]) =>
  expacti(['streams', 'dead', ...args], { env: { EXPACTI_REDIS_URL: system.redis.url } });

// A minute and a half of trying again is longer than everybody's tests should wait. The bus's own suite sees each of its
// adapters give up, by a policy with fewer attempts.
const inChaos = CHAOS.isOn ? it : it.skip;

describe('an event that a consumer cannot digest', () => {
  it('holds up nothing else while it is tried again and again', async () => {
    await withstand(
      system,
      async (load) => {
        await decideMore(load, 50);
        await poison();
        await decideMore(load, 150);
      },
      { isMeant: isPoison },
    );
    // It was seen, and is not taken for good.
    expect(system.processesOf('audit').some(({ output }) => output.includes(POISON))).toBe(true);
  }, 240_000);

  inChaos(
    'is given up after a bounded number of attempts; an operator sees it and hands it back',
    async () => {
      const letter = await eventually(async () => (await letters())[0], 'a dead letter', GIVEN_UP_WITHIN_MS);
      expect(letter).toMatchObject({ group: 'audit', attempts: MOST_ATTEMPTS, event: { type: 'command.started' } });
      expect((await streamsDead('list')).stdout).toContain(letter?.id);
      expect((await streamsDead('replay', letter?.id)).code).toBe(0);
      expect(await letters()).toEqual([]);
      // Of two who replay it one does.
      expect((await streamsDead('replay', letter?.id)).code).not.toBe(0);
      await withstand(system, (load) => decideMore(load, 50), { isMeant: isPoison });
      expect(
        await eventually(async () => (await letters()).length === 1, 'the dead letter again', GIVEN_UP_WITHIN_MS),
      ).toBe(true);
    },
    GIVEN_UP_WITHIN_MS * 2 + 120_000,
  );
});
