import { type RestApi, unwrap } from '@expacti/sdk';
import type { PersonCredential } from './credentials.js';

const REFRESH_COOKIE = 'expacti_refresh';

interface SignedIn {
  access_token: string;
  /** Seconds. */
  expires_in: number;
  user: { email: string };
}

/** What to keep of an answer that signs in: the token of the body, and the refresh token of the cookie. */
function credentialOf(signedIn: SignedIn, response: Response, now: number): PersonCredential {
  const cookie = response.headers.getSetCookie().find((text) => text.startsWith(`${REFRESH_COOKIE}=`));
  return {
    access_token: signedIn.access_token,
    expires_at: now + signedIn.expires_in * 1_000,
    refresh_cookie: cookie?.split(';')[0] ?? null,
    email: signedIn.user.email,
  };
}

/** @throws ExpactiUnauthorized when e-mail or password is wrong. */
export async function signIn(api: RestApi, email: string, password: string, now: number): Promise<PersonCredential> {
  const answer = api.POST('/api/v1/auth/login', { body: { email, password } });
  return credentialOf(await unwrap<SignedIn>(answer), (await answer).response, now);
}

/** Trades the refresh cookie for a new pair. @throws ExpactiUnauthorized when it was used before, revoked or expired. */
export async function refresh(api: RestApi, credential: PersonCredential, now: number): Promise<PersonCredential> {
  const answer = api.POST('/api/v1/auth/refresh', {
    body: {},
    headers: { cookie: credential.refresh_cookie ?? '', 'x-expacti-csrf': '1' },
  });
  return credentialOf(await unwrap<SignedIn>(answer), (await answer).response, now);
}

/** Ends the sign-in at the server. */
export async function signOut(api: RestApi, credential: PersonCredential): Promise<void> {
  await unwrap(
    api.POST('/api/v1/auth/logout', {
      body: {},
      headers: { cookie: credential.refresh_cookie ?? '', 'x-expacti-csrf': '1' },
    }),
  );
}
