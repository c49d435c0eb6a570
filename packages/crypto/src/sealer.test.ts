import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newMasterKey, SealBroken, Sealer } from './sealer.js';
import { hashToken, matchesTokenHash, newApiKey, newSecret, newShellToken } from './tokens.js';

describe('a sealed secret', () => {
  const master = newMasterKey();
  const sealer = new Sealer([master]);

  it('opens to the same bytes, at its own place only', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (secret) => {
        expect([...sealer.open(sealer.seal(secret, 'totp:usr_1'), 'totp:usr_1')]).toEqual([...secret]);
      }),
    );
    const sealed = sealer.seal('seed', 'totp:usr_1');
    expect(sealed).not.toContain('seed');
    expect(sealer.seal('seed', 'totp:usr_1')).not.toBe(sealed);
    expect(() => sealer.open(sealed, 'totp:usr_2')).toThrow(SealBroken);
  });

  it('does not open after any change', () => {
    const sealed = sealer.seal('seed', 'p');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'Aa0-_.='), (index, character) => {
        const changed = sealed.slice(0, index) + character + sealed.slice(index + 1);
        if (changed !== sealed) expect(() => sealer.open(changed, 'p')).toThrow(SealBroken);
      }),
    );
    for (const text of ['', '.', 'sealed1...', sealed.slice(0, -8)])
      expect(() => sealer.open(text, 'p')).toThrow(SealBroken);
  });

  it('opens with an older key, and not without it', () => {
    const sealed = sealer.seal('seed', 'p');
    const rotated = new Sealer([newMasterKey(), master]);
    expect(rotated.open(sealed, 'p').toString()).toBe('seed');
    expect(() => sealer.open(rotated.seal('x', 'p'), 'p')).toThrow(/master key/);
  });

  it('needs a master key of 32 bytes', () => {
    for (const text of ['', 'short', `${master}A`]) expect(() => new Sealer([text])).toThrow(/32 bytes/);
  });
});

describe('a token', () => {
  it('has the form of its kind and never repeats', () => {
    expect(newShellToken()).toMatch(/^shell_[0-9a-f]{32}$/);
    expect(newApiKey()).toMatch(/^expacti_[0-9a-f]{32}$/);
    expect(newSecret()).toMatch(/^[\w-]{43}$/);
    expect(new Set(Array.from({ length: 1000 }, newShellToken)).size).toBe(1000);
  });

  it('is recognized by its hash', () => {
    const token = newShellToken();
    expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
    expect(matchesTokenHash(token, hashToken(token))).toBe(true);
    expect(matchesTokenHash(`${token}x`, hashToken(token))).toBe(false);
    expect(matchesTokenHash(token, '')).toBe(false);
  });
});
