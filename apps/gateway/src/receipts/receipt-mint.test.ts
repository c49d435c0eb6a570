import { importJwks, verifyReceipt } from '@expacti/crypto';
import { timestamp } from '@expacti/platform';
import { FakeClock, type TemporaryDatabase, temporaryDatabase } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { agent, allowedCommand, decision, gatewayOptions, ORG, record, sha256 } from '../../test/fixtures.js';
import { gatewayService } from '../index.js';
import { ReceiptKeys } from './receipt-keys.js';
import { ReceiptMint } from './receipt-mint.js';

const bot = agent();

let clock: FakeClock;
let temporary: TemporaryDatabase;
let keys: ReceiptKeys;
let mint: ReceiptMint;
beforeEach(async () => {
  clock = new FakeClock(Date.UTC(2026, 0, 1) + 999);
  const { entities, migrations } = gatewayService;
  temporary = await temporaryDatabase({ entities: [...entities], migrations: [...migrations] });
  keys = new ReceiptKeys(temporary.database, clock, Buffer.alloc(32, 7));
  await keys.refresh();
  mint = new ReceiptMint(keys, gatewayOptions({ receiptSeconds: 60 }));
});
afterEach(() => temporary.remove());

const verified = async (receipt: string) => verifyReceipt(receipt, importJwks(await keys.jwks()), clock.now());

describe('a receipt', () => {
  it('for what a rule allowed binds the bytes, the place and the time', async () => {
    const command = record(bot, 'make', { shell: 'sh', cwd: '/srv', target: 'web', session_id: 'ses_1' });
    const { receipt, jti, expiresAt } = mint.forRecord(ORG, command, clock.now());
    expect(await verified(receipt)).toEqual({
      ok: true,
      claims: {
        sub: command.id,
        org: ORG,
        agent: bot.id,
        session_id: 'ses_1',
        target: 'web',
        shell: 'sh',
        cwd: '/srv',
        sha256: sha256('make'),
        outcome: 'allowed',
        iat: Date.UTC(2026, 0, 1) / 1_000,
        exp: Date.UTC(2026, 0, 1) / 1_000 + 60,
        jti,
      },
    });
    // Never longer than promised: the second that has begun counts.
    expect(expiresAt).toBe('2026-01-01T00:01:00.000Z');
    clock.advance(60_000 - 999);
    expect(await verified(receipt)).toEqual({ ok: false, fault: 'expired' });
  });

  it('is another one each time', () => {
    const command = record(bot, 'make');
    const [one, other] = [1, 2].map(() => mint.forRecord(ORG, command, clock.now()).jti);
    expect(one).not.toBe(other);
  });

  it('for what people allowed binds the text that they decided upon, not the one that was asked for', async () => {
    const command = allowedCommand(bot, 'make deploy', { decision: { ...decision('make check'), edited: true } });
    const [issued_at, expires_at] = [timestamp(clock.now()), timestamp(clock.now() + 30_000)];
    const receipt = mint.forGrant(bot, { command, jti: 'rct_1', issued_at, expires_at });
    expect(await verified(receipt)).toMatchObject({
      ok: true,
      claims: { sub: command.id, agent: bot.id, sha256: sha256('make check'), jti: 'rct_1' },
    });
  });

  it('is never made for what is not allowed', () => {
    const [issued_at, expires_at] = [timestamp(clock.now()), timestamp(clock.now() + 30_000)];
    const allowed = allowedCommand(bot, 'make');
    const refused = [
      { ...allowed, status: 'denied' as const, decision: { ...allowed.decision, outcome: 'denied' as const } },
      { ...allowed, status: 'pending' as const, decision: null },
    ];
    for (const command of refused)
      expect(() => mint.forGrant(bot, { command, jti: 'rct_1', issued_at, expires_at })).toThrow('not allowed');
  });
});
