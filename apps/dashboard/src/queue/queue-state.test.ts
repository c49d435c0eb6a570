import { describe, expect, it } from '@jest/globals';
import { CLOSED_ROW_MS, emptyQueue, finishReading, shownRows, takeIn } from './queue-state.js';
import { anApproval, aVote } from './testing/an-approval.js';

const ids = (approvals: Iterable<{ id: string }>) => [...approvals].map(({ id }) => id);

describe('the queue as this page knows it', () => {
  it('takes in what waits', () => {
    const state = takeIn(emptyQueue, [anApproval({ id: 'a' }), anApproval({ id: 'b' })], 0, false);
    expect(ids(state.pending.values())).toEqual(['a', 'b']);
  });

  it('never reopens what closed, even when a late page of the list still has it', () => {
    const closed = takeIn(emptyQueue, [anApproval({ id: 'a', status: 'denied' })], 5, true);
    const late = takeIn(closed, [anApproval({ id: 'a', version: 9 })], 6, false);
    expect([late.pending.size, late.closed.get('a')?.approval.status]).toEqual([0, 'denied']);
  });

  it('keeps the newer version whichever comes last', () => {
    const edited = anApproval({ id: 'a', version: 2, command: 'ls' });
    const state = takeIn(takeIn(emptyQueue, [edited], 0, true), [anApproval({ id: 'a', version: 1 })], 1, false);
    expect(state.pending.get('a')?.command).toBe('ls');
  });

  it('keeps the copy with more votes of one version', () => {
    const voted = anApproval({ id: 'a', votes: [aVote()] });
    const state = takeIn(takeIn(emptyQueue, [voted], 0, true), [anApproval({ id: 'a' })], 1, false);
    expect(state.pending.get('a')?.votes).toHaveLength(1);
  });

  it('remembers when something came in over the stream, not from the list', () => {
    const state = takeIn(takeIn(emptyQueue, [anApproval({ id: 'a' })], 5, false), [anApproval({ id: 'b' })], 7, true);
    expect([...state.arrivedAt]).toEqual([['b', 7]]);
  });

  it('is never changed in place', () => {
    const first = takeIn(emptyQueue, [anApproval({ id: 'a' })], 0, false);
    takeIn(first, [anApproval({ id: 'a', status: 'allowed' })], 1, true);
    expect([ids(first.pending.values()), emptyQueue.pending.size]).toEqual([['a'], 0]);
  });
});

describe('a reading of the whole list', () => {
  it('finds out what closed while nobody told us', () => {
    const state = takeIn(emptyQueue, [anApproval({ id: 'a' }), anApproval({ id: 'b' })], 0, false);
    const done = finishReading(state, new Set(['b']), 100);
    expect([ids(done.missed), ids(done.state.pending.values()), done.state.phase]).toEqual([['a'], ['b'], 'complete']);
  });

  it('keeps what came over the stream after it began', () => {
    const state = takeIn(emptyQueue, [anApproval({ id: 'new' })], 150, true);
    expect(ids(finishReading(state, new Set(), 100).state.pending.values())).toEqual(['new']);
  });
});

describe('the rows shown', () => {
  const state = takeIn(emptyQueue, [anApproval({ id: 'a' }), anApproval({ id: 'b', status: 'allowed' })], 1_000, true);

  it('hold a row that closed for a moment', () => {
    expect(ids(shownRows(state, 1_000 + CLOSED_ROW_MS - 1, undefined))).toEqual(['a', 'b']);
    expect(ids(shownRows(state, 1_000 + CLOSED_ROW_MS, undefined))).toEqual(['a']);
  });

  it('hold the selected row as long as it is looked at', () => {
    expect(ids(shownRows(state, 1_000_000, 'b'))).toEqual(['a', 'b']);
  });
});
