import { describe, expect, it } from '@jest/globals';
import { deadlineAt, shortDuration, spokenDuration } from './deadline.js';

const created = '2026-11-22T12:00:00.000Z';
const end = '2026-11-22T12:01:00.000Z';
const at = (seconds: number) => Date.parse(created) + seconds * 1000;

describe('a deadline', () => {
  it('counts whole seconds up, so that it says 1 until the very end', () => {
    expect(deadlineAt(created, end, at(59.2)).seconds).toBe(1);
    expect(deadlineAt(created, end, at(60)).seconds).toBe(0);
  });

  it('shrinks from a whole ring to nothing and no further', () => {
    expect(deadlineAt(created, end, at(0)).fraction).toBe(1);
    expect(deadlineAt(created, end, at(15)).fraction).toBe(0.75);
    expect(deadlineAt(created, end, at(500)).fraction).toBe(0);
    expect(deadlineAt(created, end, at(-30)).fraction).toBe(1);
  });

  it('grows urgent at twenty seconds and at ten', () => {
    expect([39, 40, 50, 60].map((seconds) => deadlineAt(created, end, at(seconds)).urgency)).toEqual([
      'calm',
      'soon',
      'last',
      'over',
    ]);
  });
});

describe('durations', () => {
  it('are short beside a ring', () => {
    expect([7, 59, 60, 245, 3_599, 3_600, 90_000].map(shortDuration)).toEqual([
      '7',
      '59',
      '1:00',
      '4:05',
      '59:59',
      '1 h',
      '1 d',
    ]);
  });

  it('are spoken in their two largest units', () => {
    expect(spokenDuration(1)).toBe('1 second');
    expect(spokenDuration(245)).toBe('4 minutes 5 seconds');
    expect(spokenDuration(86_400 + 3_600 + 61)).toBe('1 day 1 hour');
    expect(spokenDuration(0)).toBe('0 seconds');
    expect(spokenDuration(-5)).toBe('0 seconds');
  });
});
