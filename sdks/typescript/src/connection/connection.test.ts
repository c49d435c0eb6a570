import { describe, expect, it } from '@jest/globals';
import { backoffDelay } from './backoff.js';
import { readEndpoint } from './endpoint.js';

describe('backoffDelay', () => {
  it('doubles up to a limit, with half of it jitter', () => {
    const times = { baseMs: 100, maxMs: 1_000 };
    expect([1, 2, 3, 9].map((attempt) => backoffDelay(attempt, times, 0))).toEqual([50, 100, 200, 500]);
    expect([1, 2, 3, 9].map((attempt) => backoffDelay(attempt, times, 1))).toEqual([100, 200, 400, 1_000]);
    expect(backoffDelay(10_000, times, 1)).toBe(1_000);
  });
});

describe('readEndpoint', () => {
  it('derives both addresses', () => {
    expect(readEndpoint('https://example.com/expacti/', false)).toEqual({
      http: 'https://example.com/expacti',
      agentSocket: 'wss://example.com/expacti/ws/agent',
    });
  });

  it('keeps tokens off unencrypted networks', () => {
    for (const url of ['http://127.0.0.1:3001', 'http://localhost:3001', 'http://[::1]:3001'])
      expect(readEndpoint(url, false).http).toBe(url);
    for (const url of ['http://example.com', 'http://10.0.0.5:3001', 'http://localhost.evil.example'])
      expect(() => readEndpoint(url, false)).toThrow('unencrypted');
    expect(readEndpoint('http://expacti:3001', true).http).toBe('http://expacti:3001');
  });

  it.each(['', 'example.com', 'ftp://example.com', 'javascript:1'])('refuses %j', (url) => {
    expect(() => readEndpoint(url, true)).toThrow();
  });
});
