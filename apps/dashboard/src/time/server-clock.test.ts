import { describe, expect, it } from '@jest/globals';
import { clockDifference } from './server-clock.js';

const header = 'Sun, 22 Nov 2026 12:00:00 GMT';
const server = Date.parse(header);

describe('the difference to the server’s clock', () => {
  it('is none when it is within the resolution of the header', () => {
    expect(clockDifference(header, server, server + 100)).toBe(0);
  });

  it('is measured when this computer’s clock is wrong', () => {
    expect(clockDifference(header, server - 60_000, server - 60_000)).toBe(60_500);
    expect(clockDifference(header, server + 60_000, server + 60_000)).toBe(-59_500);
  });

  it('is unknown after a slow answer or an unreadable header', () => {
    expect(clockDifference(header, server, server + 5_000)).toBeNull();
    expect(clockDifference('soon', server, server)).toBeNull();
  });
});
