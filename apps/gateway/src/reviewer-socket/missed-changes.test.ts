import { FakeClock } from '@expacti/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Authorities } from '../../test/authorities.js';
import { approval, reviewer } from '../../test/fixtures.js';
import { MissedChanges } from './missed-changes.js';
import { cursorAt, momentOf } from './stream-cursor.js';

const rita = reviewer();
const deploy = approval();

let clock: FakeClock;
let authorities: Authorities;
let missed: MissedChanges;
beforeEach(() => {
  clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
  authorities = new Authorities();
  authorities.answer('approvals.list', () => ({ data: [deploy], next_cursor: null }));
  missed = new MissedChanges(authorities.client, clock);
});

describe('what a reviewer missed', () => {
  it('is what changed since the cursor, and a while before it', async () => {
    const cursor = missed.cursor();
    clock.advance(60_000);
    expect(await missed.since(rita, cursor)).toEqual({ reset: false, approvals: [deploy], cursor: missed.cursor() });
    expect(authorities.questions('approvals.list')).toEqual([
      { principal: rita, query: { limit: 200, updated_since: '2026-01-01T11:59:30.000Z' } },
    ]);
  });

  it('is everything when too much has changed', async () => {
    authorities.answer('approvals.list', () => ({ data: [deploy], next_cursor: 'more' }));
    expect(await missed.since(rita, missed.cursor())).toEqual({ reset: true, cursor: missed.cursor() });
  });

  it.each([
    '',
    'x',
    cursorAt(Number.NaN),
    cursorAt(-1),
    cursorAt(1.5),
    cursorAt(Number.MAX_SAFE_INTEGER),
    Buffer.from('{}').toString('base64url'),
    Buffer.from('["1"]').toString('base64url'),
    cursorAt(Date.UTC(2026, 0, 1, 13)),
  ])('is everything for the cursor %p, which is none of ours', async (cursor) => {
    expect(await missed.since(rita, cursor)).toEqual({ reset: true, cursor: missed.cursor() });
    expect(authorities.asked).toEqual([]);
  });

  it('goes back to the beginning of time at most', async () => {
    await missed.since(rita, cursorAt(0));
    expect(authorities.questions('approvals.list')[0]?.query.updated_since).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('a cursor', () => {
  it('stands for its moment', () => {
    expect(momentOf(cursorAt(1_767_225_600_123))).toBe(1_767_225_600_123);
  });
});
