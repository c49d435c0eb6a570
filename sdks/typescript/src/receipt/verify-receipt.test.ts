import { describe, expect, it } from '@jest/globals';
import { ReceiptMint } from '../../test/receipt-mint.js';
import type { ReceiptClaims } from './claims.js';
import { ReceiptKeys } from './receipt-keys.js';
import { UsedReceipts } from './used-receipts.js';
import { keyIdOf, type ReceiptExpectation, sha256Hex, verifyReceipt } from './verify-receipt.js';

const mint = new ReceiptMint();
const keys = new ReceiptKeys();
keys.add(mint.jwks);

const now = 1_800_000_000_000;
const claims: ReceiptClaims = {
  sub: 'cmd_1',
  org: 'org_1',
  agent: 'agt_1',
  session_id: 'ses_1',
  target: 'web1',
  shell: 'bash',
  cwd: '/srv',
  sha256: sha256Hex('make deploy'),
  outcome: 'allowed',
  iat: now / 1_000,
  exp: now / 1_000 + 60,
  jti: 'rct_1',
};
const expected: ReceiptExpectation = {
  commandId: 'cmd_1',
  command: 'make deploy',
  shell: 'bash',
  cwd: '/srv',
  target: 'web1',
  org: 'org_1',
  agent: 'agt_1',
  sessionIds: new Set(['ses_1']),
};
const verify = (receipt: string, more: Partial<ReceiptExpectation> = {}, at = now, known = keys) =>
  verifyReceipt(receipt, known, { ...expected, ...more }, { now: at, toleranceSeconds: 5 });
const codeOf = (work: () => unknown): unknown => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('verifyReceipt', () => {
  it('accepts a receipt that covers exactly what is about to run', () => {
    expect(verify(mint.sign(claims))).toEqual(claims);
  });

  it.each<[string, Partial<ReceiptExpectation>]>([
    ['another command id', { commandId: 'cmd_2' }],
    ['another text', { command: 'make deploy ' }],
    ['a text with an invisible character', { command: 'make deploy\u200b' }],
    ['another shell', { shell: 'sh' }],
    ['another folder', { cwd: '/' }],
    ['no folder', { cwd: null }],
    ['another target', { target: 'web2' }],
    ['another org', { org: 'org_2' }],
    ['another agent', { agent: 'agt_2' }],
    ['another session', { sessionIds: new Set(['ses_2']) }],
  ])('refuses %s', (_what, more) => {
    expect(codeOf(() => verify(mint.sign(claims), more))).toBe('RECEIPT_MISMATCH');
  });

  it('refuses a signature of another key, even under the same key id', () => {
    expect(codeOf(() => verify(new ReceiptMint().sign(claims)))).toBe('RECEIPT_SIGNATURE');
  });

  it('refuses a key that is not published, and only pinned keys count where keys are pinned', () => {
    expect(codeOf(() => verify(new ReceiptMint('other').sign(claims)))).toBe('RECEIPT_KEY_UNKNOWN');
    const pinned = new ReceiptKeys({ keys: [] });
    pinned.add(mint.jwks);
    expect(codeOf(() => verify(mint.sign(claims), {}, now, pinned))).toBe('RECEIPT_KEY_UNKNOWN');
  });

  it('refuses changed claims under the old signature', () => {
    const [head, , signature] = mint.sign(claims).split('.');
    const body = Buffer.from(JSON.stringify({ ...claims, sha256: sha256Hex('rm -rf /') })).toString('base64url');
    expect(codeOf(() => verify(`${head}.${body}.${signature}`, { command: 'rm -rf /' }))).toBe('RECEIPT_SIGNATURE');
  });

  it.each([
    ['alg none', mint.sign(claims, { alg: 'none' })],
    ['a critical extension', mint.sign(claims, { crit: ['x'] })],
    ['no key id', mint.sign(claims, { kid: undefined })],
    ['a missing claim', mint.sign({ ...claims, jti: '' })],
    ['an outcome other than allowed', mint.sign({ ...claims, outcome: 'denied' as 'allowed' })],
    ['four parts', `${mint.sign(claims)}.x`],
    ['no JWS at all', 'hello'],
    ['nothing', ''],
  ])('refuses %s', (_what, receipt) => {
    expect(codeOf(() => verify(receipt))).toBe('RECEIPT_MALFORMED');
  });

  it('holds for its time alone, with the tolerated difference of clocks', () => {
    const receipt = mint.sign(claims);
    expect(codeOf(() => verify(receipt, {}, now + 64_000))).toBe('accepted');
    expect(codeOf(() => verify(receipt, {}, now + 65_000))).toBe('RECEIPT_EXPIRED');
    expect(codeOf(() => verify(receipt, {}, now - 5_000))).toBe('accepted');
    expect(codeOf(() => verify(receipt, {}, now - 6_000))).toBe('RECEIPT_NOT_YET_VALID');
  });

  it('survives hostile key sets', () => {
    const hostile = new ReceiptKeys();
    for (const jwks of [null, {}, { keys: 5 }, { keys: [null, {}, { ...mint.jwks.keys[0], x: '!' }] }])
      hostile.add(jwks as never);
    expect(codeOf(() => verify(mint.sign(claims), {}, now, hostile))).toBe('RECEIPT_KEY_UNKNOWN');
  });

  it('names the key of a receipt without trusting it', () => {
    expect(keyIdOf(mint.sign(claims))).toBe('test-key');
    expect(keyIdOf('a.b.c')).toBeUndefined();
  });
});

describe('UsedReceipts', () => {
  it('lets a receipt be spent once', () => {
    const used = new UsedReceipts();
    used.spend(claims, now);
    used.spend({ ...claims, jti: 'rct_2' }, now);
    expect(codeOf(() => used.spend(claims, now))).toBe('RECEIPT_USED');
    // Long after its expiry it may be forgotten: time refuses it then.
    used.spend({ ...claims, jti: 'rct_3', exp: now / 1_000 + 7_200 }, now + 3_600_000);
    expect(codeOf(() => used.spend(claims, now + 3_600_000))).toBe('accepted');
  });
});
