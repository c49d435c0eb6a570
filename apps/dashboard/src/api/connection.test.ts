import { describe, expect, it } from '@jest/globals';
import { type Connection, type ConnectionEvent, nextConnection, STALE_AFTER_MS } from './connection.js';

const after = (...events: [ConnectionEvent, number][]) =>
  events.reduce<Connection>((current, [event, now]) => nextConnection(current, event, now), { state: 'connecting' });

describe('the connection', () => {
  it('is live only when what happened meanwhile has been read', () => {
    expect(after(['connected', 0]).state).toBe('catching-up');
    expect(after(['connected', 0], ['caught-up', 1]).state).toBe('live');
  });

  it('reconnects at first and is stale after a while, counting from the break', () => {
    const broken: [ConnectionEvent, number][] = [
      ['connected', 0],
      ['caught-up', 1],
      ['disconnected', 100],
    ];
    expect(after(...broken, ['tick', 100 + STALE_AFTER_MS - 1])).toEqual({ state: 'reconnecting', since: 100 });
    expect(after(...broken, ['tick', 100 + STALE_AFTER_MS])).toEqual({ state: 'stale', since: 100 });
  });

  it('stays stale until it has caught up, through failed attempts', () => {
    const stale: [ConnectionEvent, number][] = [
      ['connected', 0],
      ['caught-up', 1],
      ['disconnected', 100],
      ['tick', 99_999],
    ];
    expect(after(...stale, ['disconnected', 100_000]).state).toBe('stale');
    expect(after(...stale, ['connected', 100_000])).toEqual({ state: 'catching-up', since: 100 });
    expect(after(...stale, ['caught-up', 100_000]).state).toBe('stale');
  });

  it('that breaks while it catches up is as old as the first break', () => {
    expect(
      after(['connected', 0], ['caught-up', 1], ['disconnected', 100], ['connected', 200], ['disconnected', 300]),
    ).toEqual({ state: 'reconnecting', since: 100 });
  });
});
