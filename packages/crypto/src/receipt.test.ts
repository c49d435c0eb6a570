import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { signCheckpoint, verifyCheckpoint } from './checkpoint.js';
import { mintReceipt, type ReceiptClaims, verifyReceipt } from './receipt.js';
import { sha256Hex } from './sha256.js';
import { exportJwks, exportSigningKey, generateSigningKey, importJwks, importSigningKey } from './signing-key.js';

const key = generateSigningKey();
const keys = importJwks(exportJwks([key]));
const now = Date.UTC(2026, 0, 1);
const iat = now / 1000;
const command = 'rm -rf build && echo "é"';
const claims: ReceiptClaims = {
  sub: 'cmd_1',
  org: 'org_1',
  agent: 'agt_1',
  session_id: 'ses_1',
  target: null,
  shell: 'bash',
  cwd: '/srv',
  sha256: sha256Hex(command),
  outcome: 'allowed',
  iat,
  exp: iat + 60,
  jti: 'rct_1',
};
const intent = { command, shell: 'bash', cwd: '/srv', target: null, commandId: 'cmd_1', agent: 'agt_1' };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const forge = (header: object, payload: object = claims) => {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), key.privateKey).toString('base64url')}`;
};
const header = { alg: 'EdDSA', kid: key.kid, typ: 'expacti-receipt+jwt' };
const faultOf = (text: string, at = now) => {
  const result = verifyReceipt(text, keys, at, intent);
  return result.ok ? 'ok' : result.fault;
};

describe('a receipt', () => {
  it('verifies for exactly what was allowed, while it is valid', () => {
    const receipt = mintReceipt(key, claims);
    expect(verifyReceipt(receipt, keys, now, intent)).toEqual({ ok: true, claims });
    expect(faultOf(receipt, now + 59_999)).toBe('ok');
    expect(faultOf(receipt, now + 60_000)).toBe('expired');
    expect(faultOf(receipt, now - 5_000)).toBe('ok');
    expect(faultOf(receipt, now - 5_001)).toBe('not_yet_valid');
    expect(faultOf(receipt, Number.NaN)).toBe('expired');
  });

  it.each([
    [{ command: `${command} ` }, 'other_command'],
    [{ shell: 'sh' }, 'other_shell'],
    [{ cwd: '/' }, 'other_cwd'],
    [{ cwd: null }, 'other_cwd'],
    [{ target: 'prod' }, 'other_target'],
    [{ commandId: 'cmd_2' }, 'other_command_id'],
    [{ agent: 'agt_2' }, 'other_agent'],
  ])('is refused for another intent: %j', (change, fault) => {
    expect(verifyReceipt(mintReceipt(key, claims), keys, now, { ...intent, ...change })).toEqual({ ok: false, fault });
  });

  it('is a compact JWS whose parts anybody can read', () => {
    const [head, body] = mintReceipt(key, claims).split('.');
    expect(JSON.parse(Buffer.from(head ?? '', 'base64url').toString())).toEqual(header);
    expect(JSON.parse(Buffer.from(body ?? '', 'base64url').toString())).toEqual(claims);
  });

  it('is refused with another algorithm, none, another type, an unknown key, or headers that change the meaning', () => {
    expect(faultOf(forge(header))).toBe('ok');
    expect(faultOf(forge({ ...header, alg: 'none' }))).toBe('wrong_algorithm');
    expect(faultOf(forge({ ...header, alg: 'HS256' }))).toBe('wrong_algorithm');
    expect(faultOf(forge({ ...header, typ: 'JWT' }))).toBe('wrong_type');
    expect(faultOf(forge({ ...header, kid: 'other' }))).toBe('unknown_key');
    expect(faultOf(forge({ ...header, kid: '__proto__' }))).toBe('unknown_key');
    expect(faultOf(forge({ ...header, crit: ['b64'], b64: false }))).toBe('malformed');
    expect(faultOf(mintReceipt(generateSigningKey(), claims))).toBe('unknown_key');
  });

  it.each(['sub', 'org', 'agent', 'shell', 'sha256', 'outcome', 'iat', 'exp', 'jti', 'cwd', 'target', 'session_id'])(
    'is refused without its %s',
    (name) => {
      const { [name as keyof ReceiptClaims]: _gone, ...rest } = claims;
      expect(faultOf(forge(header, rest))).toBe('wrong_claims');
    },
  );

  it('says nothing but allowed', () => {
    expect(faultOf(forge(header, { ...claims, outcome: 'denied' }))).toBe('wrong_claims');
    expect(() => mintReceipt(key, { ...claims, exp: iat })).toThrow(/claims/);
  });

  it('has one spelling: any other text is refused', () => {
    const receipt = mintReceipt(key, claims);
    expect(faultOf(`${receipt}=`)).toBe('malformed');
    expect(faultOf(` ${receipt}`)).toBe('malformed');
    expect(faultOf(`${receipt}.x`)).toBe('malformed');
    fc.assert(
      fc.property(fc.nat(receipt.length - 1), fc.constantFrom(...'Aa0-_+/=. \n'), (index, character) => {
        const changed = receipt.slice(0, index) + character + receipt.slice(index + 1);
        expect(faultOf(changed) === 'ok').toBe(changed === receipt);
      }),
      { numRuns: 500 },
    );
  });

  it('never makes the verifier throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String(), { maxLength: 4 }).map((parts) => parts.join('.')),
        ),
        (text) => {
          expect(faultOf(text)).not.toBe('ok');
        },
      ),
    );
    expect(faultOf('.'.repeat(1_000_000))).toBe('malformed');
  });

  it('is never taken for a checkpoint, nor a checkpoint for a receipt', () => {
    const checkpoint = { org: 'org_1', sequence: 9, hash: 'a'.repeat(64), at: '2026-01-01T00:00:00.000Z' };
    const signed = signCheckpoint(key, checkpoint);
    expect(verifyCheckpoint(signed, keys)).toEqual({ ok: true, checkpoint });
    expect(faultOf(signed)).toBe('wrong_type');
    expect(verifyCheckpoint(mintReceipt(key, claims), keys)).toEqual({ ok: false, fault: 'wrong_type' });
  });
});

describe('a signing key', () => {
  it('is named by its RFC 7638 thumbprint', () => {
    // The key and its thumbprint of RFC 8037, appendix A.
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const d = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
    const known = importSigningKey(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d, x }));
    expect(known.kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('survives being exported and imported', () => {
    const again = importSigningKey(exportSigningKey(key));
    expect(again.jwk).toEqual(key.jwk);
    expect(verifyReceipt(mintReceipt(again, claims), keys, now).ok).toBe(true);
  });

  it('does not import another kind of key, nor repeats what it was given', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    expect(() => importSigningKey(JSON.stringify(rsa))).toThrow(/Ed25519/);
    expect(() => importSigningKey('{"secret":"hunter2"}')).toThrow(/^(?!.*hunter2)/);
  });

  it('publishes no secret, and is not found under a name that is not its own', () => {
    const jwks = exportJwks([key]);
    expect(Object.keys(jwks.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    const other = generateSigningKey();
    const posing = importJwks({ keys: [{ ...other.jwk, kid: key.kid }, { kty: 'RSA' }, {}] });
    expect(posing.size).toBe(0);
  });
});
