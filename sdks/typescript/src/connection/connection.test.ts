import { describe, expect, it } from '@jest/globals';
import { ScriptedGateway } from '../../test/scripted-gateway.js';
import { AgentSocket } from './agent-socket.js';
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

describe('AgentSocket', () => {
  it('notices a connection that is silently dead', async () => {
    const gateway = await ScriptedGateway.start();
    const socket = new AgentSocket({
      url: `${gateway.url.replace('http', 'ws')}/ws/agent`,
      token: 'shell_test',
      client: { name: 'test', version: '1' },
      connectTimeoutMs: 5_000,
      heartbeatMs: 5,
    });
    await socket.connect();
    gateway.faults.push({ at: 'ping', what: 'ignore' });
    const lost = await new Promise((resolve) => {
      socket.listen((event) => event.type === 'lost' && resolve(event.error));
    });
    expect(lost).toMatchObject({ name: 'LinkLost' });
    await gateway.close();
  });

  it('a server that accepts and says nothing is given up', async () => {
    const gateway = await ScriptedGateway.start();
    gateway.faults.push({ at: 'hello', what: 'ignore' });
    const socket = new AgentSocket({
      url: `${gateway.url.replace('http', 'ws')}/ws/agent`,
      token: 'shell_test',
      client: { name: 'test', version: '1' },
      connectTimeoutMs: 50,
      heartbeatMs: 1_000,
    });
    await expect(socket.connect()).rejects.toThrow('did not answer in time');
    await gateway.close();
  });
});
