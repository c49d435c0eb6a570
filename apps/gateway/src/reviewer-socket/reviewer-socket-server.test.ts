import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Principal } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { CommandRig } from '../../test/command-rig.js';
import { agent, approval, identityChange, ORG, OTHER_ORG, reviewer, silent } from '../../test/fixtures.js';
import { MissedChanges } from './missed-changes.js';
import { ownSocketsOnly } from './reviewer-adapter.js';
import { ReviewerSocketServer } from './reviewer-socket-server.js';
import { cursorAt } from './stream-cursor.js';

const rita = reviewer();
const other = reviewer({ org: OTHER_ORG });

let rig: CommandRig;
let server: Server;
let reviewers: ReviewerSocketServer;
const clients: Socket[] = [];

beforeEach(async () => {
  rig = await CommandRig.start();
  const missed = new MissedChanges(rig.authorities.client, rig.clock);
  reviewers = new ReviewerSocketServer(
    rig.credentials,
    missed,
    rig.limits,
    rig.clock,
    silent,
    rig.options,
    ownSocketsOnly,
    rig.drain,
  );
  server = createServer();
  reviewers.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const [token, principal] of [
    ['rita', rita],
    ['other', other],
    ['agent', agent()],
    ['nobody', reviewer({ permissions: [] })],
  ] as [string, Principal][])
    rig.principals.set(token, principal);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await reviewers.close();
  await rig.stop();
});

interface Seen {
  client: Socket;
  events: [string, unknown][];
  /** What became of it: `ready`, or why it was refused. */
  outcome: Promise<string>;
}

function open(token: unknown): Seen {
  const { port } = server.address() as AddressInfo;
  const client = io(`http://127.0.0.1:${port}/reviewer`, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  clients.push(client);
  const events: [string, unknown][] = [];
  client.onAny((name: string, payload: unknown) => events.push([name, payload]));
  const outcome = new Promise<string>((resolve) => {
    client.on('ready', () => resolve('ready'));
    client.on('connect_error', (error) => resolve(error.message));
    client.on('disconnect', () => resolve('disconnected'));
  });
  return { client, events, outcome };
}

const cursor = cursorAt(0);

describe('the reviewer stream', () => {
  it('lets in people who may read the queue, and nobody else', async () => {
    expect(await open('rita').outcome).toBe('ready');
    for (const token of ['agent', 'nobody', 'unknown', '', undefined, 7, 'x'.repeat(8_193)])
      expect([token, await open(token).outcome]).toEqual([token, 'UNAUTHENTICATED']);
    expect(reviewers.connectionCount).toBe(1);
  });

  it('tells each org its own events alone', async () => {
    const [mine, theirs] = [open('rita'), open('other')];
    await Promise.all([mine.outcome, theirs.outcome]);
    const request = approval();
    await reviewers.publish(ORG, 'approval.requested', { approval: request, cursor });
    await reviewers.publish(OTHER_ORG, 'changed', { area: 'rules' });
    await reviewers.publish(ORG, 'changed', { area: 'agents' });
    // Events of one connection arrive in order: what comes last is preceded by everything else that would come.
    await eventually(() => mine.events.length === 3);
    await eventually(() => theirs.events.length === 2);
    expect(mine.events.map(([name]) => name)).toEqual(['ready', 'approval.requested', 'changed']);
    expect(theirs.events).toEqual([
      ['ready', expect.anything()],
      ['changed', { area: 'rules' }],
    ]);
  });

  it('asks for missed changes in the name of whoever asks, and of their org', async () => {
    rig.authorities.answer('approvals.list', () => ({ data: [], next_cursor: null }));
    const theirs = open('other');
    await theirs.outcome;
    const reply = await theirs.client.emitWithAck('changes_since', { cursor: cursorAt(rig.clock.now()) });
    expect(reply).toMatchObject({ reset: false, approvals: [] });
    expect(rig.authorities.questions('approvals.list')[0]?.principal).toEqual(other);
  });

  it('answers a question that comes before it has let the client in', async () => {
    rig.authorities.answer('approvals.list', () => ({ data: [], next_cursor: null }));
    const early = open('rita');
    const reply = early.client.emitWithAck('changes_since', { cursor: cursorAt(rig.clock.now()) });
    expect(await reply).toMatchObject({ reset: false });
  });

  it('says "read again" when the queue does not answer, or is asked too often', async () => {
    rig.authorities.fail('approvals.list');
    const mine = open('rita');
    await mine.outcome;
    expect(await mine.client.emitWithAck('changes_since', { cursor })).toMatchObject({ reset: true });
    rig.authorities.answer('approvals.list', () => ({ data: [], next_cursor: null }));
    const asked = Array.from({ length: 300 }, () => mine.client.emitWithAck('changes_since', { cursor }));
    const resets = (await Promise.all(asked)).filter(({ reset }) => reset === true);
    expect(resets.length).toBeGreaterThan(0);
    expect(resets.length).toBeLessThan(300);
  });

  it('ends for people who are cut off or signed out, and for nobody else', async () => {
    const [mine, theirs] = [open('rita'), open('other')];
    await Promise.all([mine.outcome, theirs.outcome]);
    reviewers.identityChanged(identityChange({ user_ids: [other.id], sign_in_ids: ['sin_other'] }));
    expect(mine.client.connected).toBe(true);
    reviewers.identityChanged(identityChange({ sign_in_ids: [rita.sign_in_id ?? ''] }));
    await eventually(() => !mine.client.connected);
    expect(theirs.client.connected).toBe(true);
    reviewers.identityChanged(identityChange({ user_ids: [other.id] }, OTHER_ORG));
    await eventually(() => !theirs.client.connected);
  });

  it('ends for whoever is known no more when everybody is asked for again, and goes on for the others', async () => {
    const [mine, theirs] = [open('rita'), open('other')];
    await Promise.all([mine.outcome, theirs.outcome]);
    rig.principals.delete('rita');
    // As after a lapse of the lease: nothing that was known before counts.
    rig.credentials.forget(identityChange());
    await reviewers.confirmAll();
    await eventually(() => !mine.client.connected);
    expect(theirs.client.connected).toBe(true);
  });

  it('lets nobody in who was cut off during the handshake', async () => {
    let times = 0;
    rig.authorities.answer('identity.authenticate', () => {
      times += 1;
      // The revocation comes right after the first answer: it finds no socket, and makes the cache forget.
      if (times === 1) queueMicrotask(() => rig.credentials.forget(identityChange({ user_ids: [rita.id] })));
      return { principal: times === 1 ? rita : null, expires_at: null };
    });
    const late = open('rita');
    await eventually(() => !late.client.connected && times === 2);
    expect(late.events).toEqual([]);
  });

  it('ends with the token that opened it', async () => {
    rig.authorities.answer('identity.authenticate', () => ({
      principal: rita,
      expires_at: timestamp(Date.UTC(2026, 0, 1, 0, 15)),
    }));
    const mine = open('rita');
    await mine.outcome;
    rig.clock.advance(15 * 60_000 - 1);
    expect(mine.client.connected).toBe(true);
    rig.clock.advance(1);
    await eventually(() => !mine.client.connected);
  });
});
