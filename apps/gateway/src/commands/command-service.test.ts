import { type AgentPrincipal, ID_PREFIXES, type Submission } from '@expacti/contracts';
import { importJwks, verifyReceipt } from '@expacti/crypto';
import { createIdSource, newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { held } from '../../test/authorities.js';
import { CommandRig } from '../../test/command-rig.js';
import { agent, allowedCommand, decision, identityChange, ORG, rule } from '../../test/fixtures.js';
import type { Submitted } from './command-service.js';

let rig: CommandRig;
let bot: AgentPrincipal;
beforeEach(async () => {
  rig = await CommandRig.start();
  rig.rules.push(rule('deploy'), rule('rm -rf /', { effect: 'deny' }));
  bot = await rig.admit(agent());
});
afterEach(() => rig.stop());

const verified = async (receipt = '') => verifyReceipt(receipt, importJwks(await rig.keys.jwks()), rig.clock.now());

const submit = (command: string, more: Partial<Submission> = {}): Promise<Submitted> =>
  rig.commands.submit(bot, { kind: 'command', command, ...more } as Submission, null, newId(ID_PREFIXES.command));

describe('a submission', () => {
  it('that a rule allows is answered at once, with the one receipt for its very bytes', async () => {
    const { command, approval } = await submit('deploy');
    expect(approval).toBeNull();
    expect(command).toMatchObject({ status: 'allowed', decision: { source: 'rule', rule_id: rig.rules[0]?.id } });
    expect(await verified(command.decision?.receipt)).toMatchObject({
      ok: true,
      claims: { sub: command.id, org: ORG, agent: bot.id, sha256: command.command_sha256 },
    });
    await expect(rig.commands.start(bot, command.id)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
    expect((await rig.commands.get(bot, command.id)).decision?.receipt).toBeUndefined();
  });

  it('that a rule denies has no receipt, then or later', async () => {
    const { command } = await submit('rm -rf /');
    expect(command).toMatchObject({ status: 'denied', decision: { source: 'rule' } });
    expect(command.decision).not.toHaveProperty('receipt');
    await expect(rig.commands.start(bot, command.id)).rejects.toMatchObject({ code: 'NOT_ALLOWED_YET' });
  });

  it('that no rule speaks of is held', async () => {
    const { command, approval } = await submit('deploy install');
    expect([command.status, approval?.command]).toEqual(['pending', 'deploy install']);
  });

  it.each(['policy.renew_lease', 'identity.renew_lease'] as const)('is held when %s fails', async (pattern) => {
    await submit('deploy');
    rig.authorities.fail(pattern);
    rig.clock.advance(2_000);
    const { command } = await submit('deploy');
    expect(command.status).toBe('pending');
    expect(rig.authorities.questions('approvals.submit').at(-1)?.held.analysis.reasons[0]).toMatch(/confirmed/);
  });

  it('is refused when it cannot be recorded, and not allowed', async () => {
    await rig.bus.close();
    const lost = await submit('deploy').catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(Error);
  });

  it('of an agent that was revoked meanwhile is refused', async () => {
    rig.credentials.forget(identityChange({ token_ids: [bot.token_id] }));
    await expect(submit('deploy')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('under the key of an earlier one finds that one', async () => {
    const earlier = rig.hold(bot, 'deploy').command;
    rig.authorities.answer('approvals.claim_key', () => ({ command_id: earlier.id }));
    const { command } = await submit('deploy', { idempotency_key: 'k' });
    expect([command.id, command.status]).toEqual([earlier.id, 'pending']);
  });

  it('under the key of one that the history has not heard of is to be asked for again, and not unknown', async () => {
    rig.authorities.answer('approvals.claim_key', () => ({ command_id: newId(ID_PREFIXES.command) }));
    rig.authorities.answer('audit.commands.get', () => null);
    const asked = submit('deploy', { idempotency_key: 'k' });
    await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });
});

describe('a process that stood still', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  /** The leases lapse; whether they are renewed afterwards must make no difference. */
  const lapse = async ({ renewed }: { renewed: boolean }) => {
    if (!renewed) for (const name of ['policy', 'identity'] as const) rig.authorities.fail(`${name}.renew_lease`);
    rig.clock.setWallClock(2_000);
    rig.clock.advance(500);
    await turn();
    expect(rig.freshness.stretch() !== null).toBe(renewed);
  };

  it.each([{ renewed: false }, { renewed: true }])(
    'between the record and the answer hands out no receipt from before (leases %j)',
    async (how) => {
      await submit('deploy');
      const goOn = rig.bus.stall();
      const id = newId(ID_PREFIXES.command);
      const submitted = rig.commands.submit(bot, { kind: 'command', command: 'deploy' } as Submission, null, id);
      submitted.catch(() => undefined);
      await turn();
      await lapse(how);
      goOn();
      await expect(submitted).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      const kept = await rig.commands.get(bot, id);
      expect(kept).toMatchObject({ status: 'allowed' });
      expect(kept.decision).not.toHaveProperty('receipt');
    },
  );

  it.each([{ renewed: false }, { renewed: true }])(
    'between the answer and the wire keeps the receipt to itself (leases %j)',
    async (how) => {
      const answer = await submit('deploy');
      expect(() => answer.confirm()).not.toThrow();
      await lapse(how);
      expect(() => answer.confirm()).toThrow(expect.objectContaining({ code: 'UNAVAILABLE', retryable: true }));
    },
  );

  it('is held for a person where the agent was confirmed before, until it is confirmed again', async () => {
    await lapse({ renewed: true });
    expect((await submit('deploy')).command.status).toBe('pending');
    bot = (await rig.credentials.authenticate(`shell_${bot.id}`)).principal as AgentPrincipal;
    expect((await submit('deploy')).command.status).toBe('allowed');
  });

  it('between the grant and its receipt hands out none either', async () => {
    const { id } = rig.hold(bot, 'deploy install').command;
    const { command } = rig.decide(id, decision('deploy install'));
    const [issued_at, expires_at] = [timestamp(rig.clock.now()), timestamp(rig.clock.now() + 60_000)];
    const grant = held<void>();
    rig.authorities.answer('approvals.start', async () => {
      await grant.promise;
      return { command, jti: 'rct_1', issued_at, expires_at };
    });
    const started = rig.commands.start(bot, id);
    started.catch(() => undefined);
    await turn();
    await lapse({ renewed: true });
    grant.give();
    await expect(started).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([{ renewed: false }, { renewed: true }])(
    'does not say of what it cannot find that it does not exist (leases %j)',
    async (how) => {
      const heard = held<void>();
      rig.authorities.answer('audit.commands.get', () => heard.promise.then(() => null));
      const unknown = rig.commands.get(bot, newId(ID_PREFIXES.command));
      unknown.catch(() => undefined);
      await turn();
      await lapse(how);
      heard.give();
      await expect(unknown).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    },
  );

  it('finds a rule that has expired expired, although the wall clock was set back', async () => {
    rig.rules.push(rule('once', { expires_at: timestamp(rig.clock.now() + 1_000) }));
    await submit('deploy');
    rig.clock.advance(500);
    await turn();
    expect((await submit('once')).command.status).toBe('allowed');
    rig.clock.advance(500);
    await turn();
    rig.clock.setWallClock(-3_600_000);
    expect((await submit('once')).command.status).toBe('pending');
  });
});

describe('the start of a command', () => {
  const grantFor = (id: string) => {
    const { command } = rig.decide(id, decision('deploy install'));
    rig.authorities.answer('approvals.start', () => ({
      command,
      jti: 'rct_1',
      issued_at: timestamp(rig.clock.now()),
      expires_at: timestamp(rig.clock.now() + 60_000),
    }));
  };

  it('mints what was granted', async () => {
    const { id } = rig.hold(bot, 'deploy install').command;
    grantFor(id);
    const { receipt } = await rig.commands.start(bot, id);
    expect(await verified(receipt)).toMatchObject({ ok: true, claims: { sub: id, jti: 'rct_1' } });
  });

  it('is refused to an agent that was revoked meanwhile', async () => {
    const { id } = rig.hold(bot, 'deploy install').command;
    grantFor(id);
    rig.credentials.forget(identityChange({ agent_ids: [bot.id] }));
    await expect(rig.commands.start(bot, id)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(rig.authorities.questions('approvals.start')).toEqual([]);
  });

  it('is waited for before a revocation is acknowledged', async () => {
    const { id, ...command } = rig.hold(bot, 'deploy install').command;
    const answer = held<null>();
    rig.authorities.answer('approvals.command', () => answer.promise.then(() => ({ id, ...command })));
    grantFor(id);
    const order: string[] = [];
    const started = rig.commands.start(bot, id).then(() => order.push('started'));
    const drained = rig.snapshots.inFlight.drained().then(() => order.push('drained'));
    answer.give(null);
    await Promise.all([started, drained]);
    expect(order).toEqual(['started', 'drained']);
  });
});

describe('a command that another gateway decided a moment ago', () => {
  const found = () => ({ ...allowedCommand(bot, 'deploy'), id });
  let id: string;
  let known: boolean;
  beforeEach(() => {
    id = createIdSource(
      () => rig.clock.now(),
      (bytes) => bytes.fill(1),
    )(ID_PREFIXES.command);
    known = false;
    rig.authorities.answer('approvals.result', () => null);
    rig.authorities.answer('audit.commands.get', () => (known ? found() : null));
    rig.authorities.answer('audit.commands.result', () => (known ? found() : null));
  });

  it.each(['get', 'report'] as const)('is found when the history has heard of it (%s)', async (question) => {
    const asked =
      question === 'get' ? rig.commands.get(bot, id) : rig.commands.report(bot, id, { exit_code: 0, duration_ms: 5 });
    const pattern = question === 'get' ? 'audit.commands.get' : 'audit.commands.result';
    await eventually(() => rig.authorities.questions(pattern).length === 1);
    known = true;
    await eventually(() => {
      rig.clock.advance(50);
      return rig.authorities.questions(pattern).length > 1;
    });
    expect(await asked).toMatchObject({ id, status: 'allowed' });
  });
});

describe('a result', () => {
  const done = { exit_code: 0, duration_ms: 5 };

  it('of what a rule allowed may be said twice, but not changed', async () => {
    const { command } = await submit('deploy');
    const finished = await rig.commands.report(bot, command.id, done);
    expect(finished.result).toEqual({ exit_code: 0, signal: null, duration_ms: 5, output_bytes: null });
    expect(await rig.commands.report(bot, command.id, done)).toEqual(finished);
    await expect(rig.commands.report(bot, command.id, { ...done, exit_code: 1 })).rejects.toMatchObject({
      code: 'ALREADY_CLOSED',
    });
  });

  it('of what a rule denied is refused', async () => {
    const { command } = await submit('rm -rf /');
    await expect(rig.commands.report(bot, command.id, done)).rejects.toMatchObject({ code: 'NOT_ALLOWED_YET' });
  });

  it('that could not be recorded may be reported again', async () => {
    const { command } = await submit('deploy');
    await rig.bus.close();
    await expect(rig.commands.report(bot, command.id, done)).rejects.toThrow();
    expect((await rig.commands.get(bot, command.id)).result).toBeNull();
  });
});
