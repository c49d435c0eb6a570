import type { AgentPrincipal, Command } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { held } from '../../test/authorities.js';
import type { CommandRig } from '../../test/command-rig.js';
import { agent, decision, identityChange, rule } from '../../test/fixtures.js';
import { type Peer, SocketRig } from '../../test/socket-rig.js';

const TOKEN = 'shell_11111111111111111111111111111111';

let sockets: SocketRig;
let rig: CommandRig;
let bot: AgentPrincipal;
let peer: Peer;
beforeEach(async () => {
  sockets = await SocketRig.start();
  rig = sockets.rig;
  rig.rules.push(rule('deploy'));
  bot = await rig.admit(agent(), TOKEN);
  peer = await sockets.connect(TOKEN);
  rig.authorities.answer('approvals.start', ({ id }) => ({
    command: rig.queue.get(id)?.command as Command,
    jti: 'rct_1',
    issued_at: timestamp(rig.clock.now()),
    expires_at: timestamp(rig.clock.now() + 60_000),
  }));
});
afterEach(() => sockets.stop());

/** Decides in the queue and brings the news, as the bus does. */
function decide(id: string, outcome: 'allowed' | 'denied' = 'allowed'): void {
  const text = rig.queue.get(id)?.command.command ?? '';
  const decided = { ...decision(text), outcome, source: 'reviewer' as const };
  const { approval } = rig.decide(id, decided);
  rig.waiters.closed({ approval, decision: decided, close_reason: 'reviewer', remember: null });
}

const submit = (ref: string, command: string, more: Record<string, unknown> = {}) =>
  peer.send({ type: 'command.submit', ref, command, ...more });

async function pending(ref: string, command = 'deploy install'): Promise<string> {
  submit(ref, command);
  const frame = await peer.next(({ type, ref: of }) => type === 'command.pending' && of === ref);
  return frame.command_id as string;
}

describe('an agent that submits', () => {
  it('hears "pending" before "decided", also when the decision is there first', async () => {
    const queued = held<void>();
    rig.authorities.answer('approvals.submit', async ({ principal, held: { text, command_id } }) => {
      const entry = rig.hold(principal, text, command_id);
      decide(command_id);
      await queued.promise;
      return { ...entry, repeated: false };
    });
    submit('1', 'deploy install');
    await peer.roundTrip();
    expect(peer.typesFor('1')).toEqual([]);
    queued.give();
    await peer.next(({ type }) => type === 'command.decided');
    expect(peer.typesFor('1')).toEqual(['command.pending', 'command.decided']);
  });

  it('gets the receipt with the decision, once', async () => {
    const id = await pending('1');
    decide(id);
    const decided = await peer.next(({ type }) => type === 'command.decided');
    expect(decided).toMatchObject({ ref: '1', command_id: id, outcome: 'allowed', receipt: expect.any(String) });
    expect(rig.authorities.questions('approvals.start')).toHaveLength(1);
  });

  it('gets a denial without asking for a receipt', async () => {
    decide(await pending('1'), 'denied');
    const decided = await peer.next(({ type }) => type === 'command.decided');
    expect([decided.outcome, decided.receipt]).toEqual(['denied', undefined]);
    expect(rig.authorities.questions('approvals.start')).toEqual([]);
  });

  it('gets the decision without a receipt when that cannot be recorded', async () => {
    rig.authorities.fail('approvals.start');
    decide(await pending('1'));
    expect(await peer.next(({ type }) => type === 'command.decided')).not.toHaveProperty('receipt');
  });

  it('is answered at once where a rule decides', async () => {
    submit('1', 'deploy');
    await peer.next(({ type }) => type === 'command.decided');
    expect(peer.typesFor('1')).toEqual(['command.decided']);
  });

  it('again under one key hears of the decision that came between', async () => {
    const { command, approval } = rig.hold(bot, 'deploy install');
    rig.authorities.answer('approvals.submit', () => {
      decide(command.id);
      return { command, approval, repeated: true };
    });
    submit('2', 'deploy install', { idempotency_key: 'k' });
    const decided = await peer.next(({ ref }) => ref === '2');
    expect(decided).toMatchObject({ type: 'command.decided', command_id: command.id, outcome: 'allowed' });
  });

  it('again under one key hears of the decision that comes later, under the new ref', async () => {
    const { command, approval } = rig.hold(bot, 'deploy install');
    rig.authorities.answer('approvals.submit', () => ({ command, approval, repeated: true }));
    submit('2', 'deploy install', { idempotency_key: 'k' });
    await peer.next(({ type, ref }) => type === 'command.pending' && ref === '2');
    decide(command.id);
    expect(await peer.next(({ type }) => type === 'command.decided')).toMatchObject({ ref: '2' });
  });

  it('gets an error with its ref when that fails, and the socket goes on', async () => {
    rig.authorities.fail('approvals.submit');
    submit('1', 'deploy install');
    const refused = await peer.next(({ ref }) => ref === '1');
    expect(refused).toMatchObject({ type: 'error', code: 'UNAVAILABLE', retryable: true });
    await peer.roundTrip();
  });
});

describe('an agent that asks how a command stands', () => {
  const status = async (id: string) => peer.send({ type: 'command.status', command_id: id });

  it('hears that it is pending, and its decision later, without a receipt', async () => {
    const { command, approval } = rig.hold(bot, 'deploy install');
    await status(command.id);
    expect(await peer.next(({ type }) => type === 'command.pending')).toMatchObject({
      command_id: command.id,
      approval_id: approval.id,
      review_url: `https://expacti.example.com/app/queue/${approval.id}`,
      deadline_at: approval.deadline_at,
    });
    decide(command.id);
    expect(await peer.next(({ type }) => type === 'command.decided')).not.toHaveProperty('receipt');
    expect(rig.authorities.questions('approvals.start')).toEqual([]);
  });

  it('is told once, however often it asks', async () => {
    const { command } = rig.hold(bot, 'deploy install');
    for (let again = 0; again < 3; again += 1) await status(command.id);
    await eventually(() => peer.frames.filter(({ type }) => type === 'command.pending').length === 3);
    decide(command.id);
    await peer.next(({ type }) => type === 'command.decided');
    await peer.roundTrip();
    expect(peer.frames.filter(({ type }) => type === 'command.decided')).toHaveLength(1);
  });

  it('on the connection that submitted it still gets the receipt, and one decision', async () => {
    const id = await pending('1');
    const entry = rig.queue.get(id);
    if (entry) rig.queue.set(id, { ...entry, command: { ...entry.command, ref: '1' } });
    await status(id);
    await eventually(() => peer.typesFor('1').length === 2);
    decide(id);
    expect(await peer.next(({ type }) => type === 'command.decided')).toHaveProperty('receipt');
    await peer.roundTrip();
    expect(peer.typesFor('1')).toEqual(['command.pending', 'command.pending', 'command.decided']);
  });

  it('hears the decision where there is one', async () => {
    const { id } = rig.hold(bot, 'deploy install').command;
    rig.decide(id, decision('deploy install'));
    await status(id);
    expect(await peer.next(({ type }) => type === 'command.decided')).toMatchObject({ command_id: id });
  });

  it('of another agent hears that there is none, also later', async () => {
    const { id } = rig.hold(agent(), 'deploy install').command;
    await status(id);
    expect(await peer.next(({ type }) => type === 'error')).toMatchObject({ code: 'NOT_FOUND', command_id: id });
    decide(id);
    await peer.roundTrip();
    expect(peer.frames.filter(({ command_id }) => command_id === id)).toHaveLength(1);
  });
});

describe('an agent that is revoked', () => {
  const revoke = () => {
    const change = identityChange({ token_ids: [bot.token_id] });
    rig.credentials.forget(change);
    sockets.sockets.identityChanged(change);
  };

  it('is told, cut off, and hears of no decision any more', async () => {
    const id = await pending('1');
    revoke();
    decide(id);
    await eventually(() => peer.closeCode !== undefined);
    expect(peer.closeCode).toBe(4401);
    expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'UNAUTHENTICATED' });
    expect(rig.authorities.questions('approvals.start')).toEqual([]);
  });

  it('while it says hello is not let in', async () => {
    const session = held<void>();
    rig.authorities.answer('sessions.start', async ({ principal }) => {
      await session.promise;
      const { id, name } = principal;
      const started_at = timestamp(rig.clock.now());
      return {
        id: 'ses_00000000000000000000000000',
        ...{ name: null, agent: { id, name }, target: null, labels: {}, client: null, started_at, ended_at: null },
      };
    });
    const late = await sockets.open({ authorization: `Bearer ${TOKEN}` });
    late.send({ type: 'hello', protocol: 1, client: { name: 'test', version: '1' } });
    await eventually(() => rig.authorities.questions('sessions.start').length === 2);
    revoke();
    session.give();
    await eventually(() => late.closeCode !== undefined);
    expect([late.closeCode, late.frames.map(({ type }) => type)]).toEqual([4401, ['error']]);
  });
});

describe('an agent whose socket outlived a lapse of the lease', () => {
  /** News of a revocation may still be on their way when the lease holds again. */
  const lapse = async () => {
    rig.clock.setWallClock(2_000);
    rig.clock.advance(500);
    await eventually(() => rig.freshness.stretch() !== null);
  };

  it('is asked for once more, and goes on', async () => {
    await lapse();
    const asked = rig.authorities.questions('identity.authenticate').length;
    for (const ref of ['1', '2']) {
      submit(ref, 'deploy');
      await peer.next((frame) => frame.ref === ref);
    }
    expect(peer.frames.slice(-2).map(({ outcome }) => outcome)).toEqual(['allowed', 'allowed']);
    expect(rig.authorities.questions('identity.authenticate').slice(asked)).toEqual([{ credential: TOKEN }]);
  });

  it('is cut off when identity knows it no more, whether it asks or is answered', async () => {
    const id = await pending('1');
    await lapse();
    rig.principals.delete(TOKEN);
    decide(id);
    await eventually(() => peer.closeCode !== undefined);
    expect(peer.closeCode).toBe(4401);
    expect(peer.frames.at(-1)).toMatchObject({ type: 'error', code: 'UNAUTHENTICATED' });
    expect(rig.authorities.questions('approvals.start')).toEqual([]);
  });

  it('waits for identity to answer, and is refused until then', async () => {
    await lapse();
    rig.authorities.fail('identity.authenticate');
    submit('1', 'deploy');
    expect(await peer.next(({ ref }) => ref === '1')).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });
});

describe('a socket', () => {
  it('ends with its token', async () => {
    const expires_at = timestamp(rig.clock.now() + 20_000);
    rig.authorities.answer('identity.authenticate', () => ({ principal: bot, expires_at }));
    rig.credentials.forget(identityChange());
    const short = await sockets.connect(TOKEN);
    rig.clock.advance(19_999);
    await short.roundTrip();
    rig.clock.advance(1);
    await eventually(() => short.closeCode !== undefined);
    expect(short.frames.at(-1)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is closed when nobody says hello in time', async () => {
    const stranger = await sockets.open();
    await eventually(() => sockets.sockets.connectionCount === 2);
    rig.clock.advance(10_000);
    await eventually(() => stranger.closeCode !== undefined);
    expect(stranger.closeCode).toBe(4408);
  });

  it('of an agent that forgets to close them is the oldest to go', async () => {
    await sockets.stop();
    const { limits } = rig.options;
    sockets = await SocketRig.start({ limits: { ...limits, socketsPerAgent: 2 } });
    await sockets.rig.admit(agent(), TOKEN);
    const peers: Peer[] = [];
    for (let one = 0; one < 3; one += 1) peers.push(await sockets.connect(TOKEN));
    await eventually(() => peers[0]?.closeCode !== undefined);
    expect(peers.map(({ closeCode }) => closeCode)).toEqual([1001, undefined, undefined]);
  });

  it('answers to no more than the limit of questions in a second', async () => {
    await sockets.stop();
    const { limits } = rig.options;
    sockets = await SocketRig.start({ limits: { ...limits, submissionsPerSecond: 3, submissionBurst: 3 } });
    await sockets.rig.admit(agent(), TOKEN);
    const eager = await sockets.connect(TOKEN);
    for (let one = 0; one < 10; one += 1)
      eager.send({ type: 'command.status', command_id: 'cmd_00000000000000000000000000' });
    await eventually(() => eager.frames.length === 11);
    const codes = eager.frames.slice(1).map(({ code }) => code);
    expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(3);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(7);
  });
});
