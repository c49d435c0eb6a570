import { FakeClock } from '@expacti/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Authorities } from '../../test/authorities.js';
import { ORG, silent } from '../../test/fixtures.js';
import { Acknowledgements } from './acknowledgements.js';

let clock: FakeClock;
let authorities: Authorities;
let acknowledgements: Acknowledgements;
let isOver: boolean;
beforeEach(() => {
  clock = new FakeClock();
  authorities = new Authorities();
  acknowledgements = new Acknowledgements('identity.acknowledge', 'gateway-1', authorities.client, clock, silent);
  isOver = false;
});

function give(version: number): void {
  void acknowledgements.give(ORG, version).then(() => {
    isOver = true;
  });
}

/** When it was said within the time, in ms from the beginning. */
async function saidWithin(ms: number): Promise<number[]> {
  const said: number[] = [];
  let known = 0;
  for (let passed = 0; passed <= ms; passed += 100) {
    await new Promise(setImmediate);
    const count = authorities.questions('identity.acknowledge').length;
    if (count > known) said.push(clock.elapsed());
    known = count;
    clock.advance(100);
  }
  return said;
}

describe('an acknowledgement', () => {
  it('is said once where it is heard', async () => {
    give(3);
    expect(await saidWithin(5_000)).toEqual([0]);
    expect(authorities.questions('identity.acknowledge')).toEqual([{ gateway_id: 'gateway-1', org: ORG, version: 3 }]);
    expect(isOver).toBe(true);
  });

  it('is said again after pauses that grow, until it is heard', async () => {
    authorities.fail('identity.acknowledge');
    give(3);
    expect(await saidWithin(7_500)).toEqual([0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
    expect(isOver).toBe(false);
    authorities.answer('identity.acknowledge', () => ({}));
    expect(await saidWithin(10_000)).toHaveLength(2);
    expect(isOver).toBe(true);
  });

  it('is given up after a minute', async () => {
    authorities.fail('identity.acknowledge');
    give(3);
    await saidWithin(61_000);
    expect(isOver).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('is said no more by a gateway that stops', async () => {
    authorities.fail('identity.acknowledge');
    give(3);
    await saidWithin(100);
    acknowledgements.stop();
    await new Promise(setImmediate);
    expect([isOver, clock.waiting]).toEqual([true, 0]);
  });
});
