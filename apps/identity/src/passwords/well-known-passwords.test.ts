import { describe, expect, it } from '@jest/globals';
import { personalWords } from './personal-words.js';
import { refuseWellKnown } from './well-known-passwords.js';

const personal = personalWords({ email: 'rita.reviewer@example.com', name: 'Rita Reviewer' }, 'Acme Rockets');

describe('a new password', () => {
  it.each([
    'password1234',
    'Password1234!',
    '123456789012',
    'qwertyuiop12',
    'aaaaaaaaaaaa',
    'abcabcabcabcab',
    'passwordpassword',
    'abcdefghijklm',
    '!!letmein!!!',
    'rita.reviewer@example.com',
    'RitaReviewer99',
    'acme rockets1',
    'Iloveyou2026!!',
  ])('is not %s', async (password) => {
    await expect(refuseWellKnown(password, personal, 'password')).rejects.toMatchObject({
      code: 'INVALID',
      fields: [{ path: 'password' }],
    });
  });

  it.each(['correct horse battery staple', 'xK4#9vLm2$Qp', 'wolken über dem deich', 'monkey-83719462-tulip'])(
    'may be %s',
    async (password) => {
      await expect(refuseWellKnown(password, personal, 'password')).resolves.toBeUndefined();
    },
  );
});
