import { type ExpactiReviewer, ExpactiUnauthorized, unwrap } from '@expacti/sdk';
import { ask, askSecret, readInputLine } from '../ask.js';
import { answer, type CliContext, note } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { connectAnybody, connectWithToken } from '../settings/connect.js';
import { type Credentials, readCredentials, removeCredentials, writeCredentials } from '../settings/credentials.js';
import { chooseServer } from '../settings/server-url.js';
import { signIn, signOut } from '../settings/sign-in.js';

export interface LoginFlags {
  token?: string;
  email?: string;
  passwordStdin?: boolean;
}

/** `expacti login`: keeps an agent's token, a reviewer's token, or a sign-in by e-mail and password. */
export async function loginCommand(context: CliContext, flags: LoginFlags): Promise<number> {
  const { url, credentials } = await chooseServer(context);
  const kept: Credentials = { ...credentials, url };
  const who =
    flags.token === undefined
      ? await loginByPassword(context, kept, flags)
      : await loginByToken(context, kept, flags.token);
  const path = await writeCredentials(context, kept);
  answer(context, { url, ...who, file: path }, () => `Signed in to ${url} as ${who.name}. Kept in ${path}.`);
  return EXIT.ok;
}

type Who = { kind: 'person' | 'agent'; name: string };

async function loginByPassword(context: CliContext, kept: Credentials, flags: LoginFlags): Promise<Who> {
  const email = flags.email ?? (await ask(context, 'E-mail: ', '--email'));
  const password = flags.passwordStdin
    ? await readInputLine(context)
    : await askSecret(context, 'Password: ', '--password-stdin');
  const { api } = await connectAnybody(context);
  kept.person = await signIn(api, email, password, context.now());
  return { kind: 'person', name: kept.person.email ?? email };
}

async function loginByToken(context: CliContext, kept: Credentials, given: string): Promise<Who> {
  // `-` keeps the token out of the process list.
  const token = given === '-' ? await readInputLine(context) : given;
  if (token === '') throw new CliFailure('The token is empty.', EXIT.usage, 'USAGE');
  const reviewer = await connectWithToken(context, token);
  const person = await personOf(reviewer);
  if (person !== undefined) {
    kept.person = { access_token: token, expires_at: null, refresh_cookie: null, email: person };
    return { kind: 'person', name: person };
  }
  kept.shell_token = token;
  return { kind: 'agent', name: 'an agent' };
}

/**
 * @returns The person's e-mail; undefined when the token is valid and an agent's.
 * @throws ExpactiUnauthorized when the server does not know the token.
 */
async function personOf({ api }: ExpactiReviewer): Promise<string | undefined> {
  try {
    const me = await unwrap<{ user: { email: string } }>(api.GET('/api/v1/auth/me'));
    return me.user.email;
  } catch (error) {
    if (error instanceof ExpactiUnauthorized && error.code === 'FORBIDDEN') return undefined;
    throw error;
  }
}

/** `expacti logout`: ends the sign-in at the server, as far as it can be reached, and forgets it here. */
export async function logoutCommand(context: CliContext): Promise<number> {
  const credentials = await readCredentials(context).catch(() => undefined);
  if (credentials?.person?.refresh_cookie) {
    const { api } = await connectAnybody({ ...context, url: credentials.url });
    await signOut(api, credentials.person).catch(() =>
      note(context, 'The server could not be told; the sign-in ends by itself.'),
    );
  }
  const removed = await removeCredentials(context);
  answer(context, { removed }, () => (removed ? 'Signed out.' : 'Nobody was signed in.'));
  return EXIT.ok;
}
