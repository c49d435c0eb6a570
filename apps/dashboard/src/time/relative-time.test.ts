import { describe, expect, it } from '@jest/globals';
import { elapsed, relativeTime } from './relative-time.js';

const now = Date.parse('2026-11-22T12:00:00.000Z');
const before = (seconds: number) => relativeTime(now - seconds * 1000, now);

describe('a moment', () => {
  it('is told by its distance', () => {
    expect([0, 12, 180, 7_200, 3 * 86_400].map(before)).toEqual([
      'just now',
      '12 s ago',
      '3 min ago',
      '2 h ago',
      '3 d ago',
    ]);
  });

  it('may lie ahead', () => {
    expect(relativeTime(now + 90_000, now)).toBe('in 2 min');
  });

  it('is told by its date after a week, with the year where it differs', () => {
    expect(before(20 * 86_400)).toBe('2 Nov');
    expect(before(400 * 86_400)).toMatch(/2025$/);
  });
});

it('tells how long a command ran', () => {
  expect([8, 1_234, 184_000].map(elapsed)).toEqual(['8 ms', '1.2 s', '3 min 4 s']);
});
