import { describe, expect, it } from '@jest/globals';
import { ARGON2_OPTIONS, NOBODYS_HASH, PasswordHasher } from './password-hasher.js';

describe('password hashes', () => {
  it('are argon2id with the recommended parameters and a salt of their own', async () => {
    const hasher = new PasswordHasher();
    const [one, other] = await Promise.all([
      hasher.hash('wolken über dem deich'),
      hasher.hash('wolken über dem deich'),
    ]);
    const { memoryCost, timeCost, parallelism } = ARGON2_OPTIONS;
    const head = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`;
    expect([one, other, NOBODYS_HASH].every((hash) => hash.startsWith(head))).toBe(true);
    expect(one).not.toBe(other);
    expect(await hasher.verify(one, 'wolken über dem deich')).toBe(true);
    // The same text in another Unicode spelling is the same password.
    expect(await hasher.verify(one, 'wolken u\u0308ber dem deich')).toBe(true);
    expect(await hasher.verify(one, 'wolken')).toBe(false);
    expect(await hasher.verify(null, 'wolken')).toBe(false);
  });

  it('are not made for a crowd at once', async () => {
    const hasher = new PasswordHasher();
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => hasher.verify(null, 'x')));
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(6);
    expect(refused[0]?.reason).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 5 });
    expect(await hasher.verify(null, 'x')).toBe(false);
  });
});
