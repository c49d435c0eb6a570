import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { RpcResponse } from '@expacti/contracts';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { IdentityRig, withOwner } from '../../test/identity-rig.js';
import { SigningKeyRow } from '../storage/signing-key-row.js';
import { SigningKeys } from './signing-keys.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let owner: RpcResponse<'identity.setup'>;
  let header: JWTHeaderParameters;
  let claims: JWTPayload;
  let key: KeyObject;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    owner = await withOwner(rig);
    header = decodeProtectedHeader(owner.access_token) as JWTHeaderParameters;
    claims = decodeJwt(owner.access_token);
    key = (await rig.application.get(SigningKeys).current()).privateKey;
  });
  afterEach(() => rig.remove());

  const sign = (change: { header?: object; claims?: object; key?: KeyObject | Uint8Array } = {}) =>
    new SignJWT({ ...claims, ...change.claims })
      .setProtectedHeader({ ...header, ...change.header })
      .sign(change.key ?? key, { crit: { x: true } });
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  describe('an access token', () => {
    it('names its key, its issuer and whom it is for', async () => {
      expect(header).toEqual({ alg: 'EdDSA', kid: expect.any(String), typ: 'at+jwt' });
      expect(claims).toMatchObject({ iss: 'expacti', aud: 'expacti-api', sub: owner.user.id });
      expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
      expect(await rig.principalOf(await sign())).not.toBeNull();
    });

    it('is nobody without a signature', async () => {
      const [, payload = ''] = owner.access_token.split('.');
      for (const alg of ['none', 'None', 'NONE']) {
        expect(await rig.principalOf(`${encoded({ ...header, alg })}.${payload}.`)).toBeNull();
      }
      expect(await rig.principalOf(owner.access_token.replace(/\.[^.]+$/, '.'))).toBeNull();
    });

    it('is nobody when it is signed with the public key as a shared secret', async () => {
      const publicKey = await rig.application.get(SigningKeys).find(header.kid ?? '');
      if (publicKey === undefined) throw new Error('no key');
      const forms = [
        publicKey.export({ format: 'der', type: 'spki' }),
        Buffer.from(publicKey.export({ format: 'pem', type: 'spki' })),
        Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
      ];
      for (const secret of forms) {
        expect(await rig.principalOf(await sign({ header: { alg: 'HS256' }, key: secret }))).toBeNull();
      }
    });

    it('is nobody when a stranger signed it, whatever key it brings along', async () => {
      const stranger = generateKeyPairSync('ed25519');
      const jwk = stranger.publicKey.export({ format: 'jwk' });
      for (const extra of [{}, { kid: 'unknown' }, { kid: undefined }, { jwk }, { jku: 'https://example.com/keys' }]) {
        expect(await rig.principalOf(await sign({ header: extra, key: stranger.privateKey }))).toBeNull();
      }
    });

    it.each([
      ['for another audience', { claims: { aud: 'other' } }],
      ['without an audience', { claims: { aud: undefined } }],
      ['of another issuer', { claims: { iss: 'other' } }],
      ['of another type', { header: { typ: 'JWT' } }],
      ['under another key id', { header: { kid: 'other' } }],
      ['without an end', { claims: { exp: undefined } }],
      ['without a person', { claims: { sub: undefined } }],
      ['of another person', { claims: { sub: 'usr_01h455vb4pex5vsknk084sn02q' } }],
      ['of another sign-in', { claims: { sid: 'sin_01h455vb4pex5vsknk084sn02q' } }],
      ['of another org', { claims: { org: 'org_01h455vb4pex5vsknk084sn02q' } }],
      ['that is not valid yet', { claims: { nbf: 4_000_000_000 } }],
      ['with a critical extension', { header: { crit: ['x'], x: true } }],
    ])('%s is nobody', async (_name, change) => {
      expect(await rig.principalOf(await sign(change).catch(() => 'unsignable'))).toBeNull();
    });

    it('is nobody when changed, cut off or garbled', async () => {
      const [head, , signature] = owner.access_token.split('.');
      const changed = `${head}.${encoded({ ...claims, exp: Number(claims.exp) + 9_999 })}.${signature}`;
      for (const token of [
        changed,
        `${head}..${signature}`,
        `${owner.access_token}x`,
        `..`,
        `{}.{}.{}`,
        `${head}.x.y`,
      ]) {
        expect(await rig.principalOf(token)).toBeNull();
      }
      expect(rig.log.filter((line) => line.includes('INTERNAL'))).toEqual([]);
    });

    it('expires on the second', async () => {
      rig.clock.advance(899_999);
      const { principal, expires_at } = await rig.ask('identity.authenticate', { credential: owner.access_token });
      expect(principal).not.toBeNull();
      expect(Date.parse(expires_at ?? '')).toBe(Number(claims.exp) * 1_000);
      rig.clock.advance(1);
      expect(await rig.principalOf(owner.access_token)).toBeNull();
    });
  });

  describe('signing keys', () => {
    it('are sealed in the database', async () => {
      const [row] = await rig.database.read((manager) => manager.find(SigningKeyRow));
      const secret = key.export({ format: 'jwk' }).d ?? '';
      expect(row?.sealedPrivateKey).toMatch(/^sealed1\./);
      expect(JSON.stringify([row, rig.log, await rig.facts()])).not.toContain(secret);
    });

    it('outlive a restart, and end with the master key', async () => {
      await rig.stop();
      await rig.start();
      expect(await rig.principalOf(owner.access_token)).not.toBeNull();
      await rig.stop();
      rig.masterKey = Buffer.alloc(32, 7);
      await rig.start();
      expect(await rig.principalOf(owner.access_token)).toBeNull();
      const next = await rig.ask('identity.refresh', { refresh_token: owner.refresh_token });
      expect(await rig.principalOf(next.access_token)).not.toBeNull();
    });

    it('are replaced by age, and the old one verifies what it signed last', async () => {
      rig.clock.advance(90 * 24 * 3_600_000 - 1_000);
      const keys = rig.application.get(SigningKeys);
      const old = await keys.current();
      rig.clock.advance(1_000);
      const next = await keys.current();
      expect(next.kid).not.toBe(old.kid);
      expect(await keys.find(old.kid)).toBeDefined();
      rig.clock.advance(900_000);
      expect(await keys.find(old.kid)).toBeUndefined();
      expect(await keys.find(next.kid)).toBeDefined();
    });
  });
});
