import { type ExpactiClient as Client, ExpactiClient, type ExpactiClientOptions, ExpactiReviewer } from '@expacti/sdk';
import type { CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { CLI_VERSION } from '../version.js';
import { writeCredentials } from './credentials.js';
import { withLock } from './lock.js';
import { chooseServer, type ServerChoice } from './server-url.js';
import { refresh } from './sign-in.js';

const client = { name: 'expacti-cli', version: CLI_VERSION };
/** A token that ends within this time is renewed before it is used. */
const RENEW_BEFORE_MS = 30_000;

/** The agent's side: `EXPACTI_SHELL_TOKEN`, or the token kept by `expacti login`. */
export async function connectAgent(context: CliContext, options: ExpactiClientOptions): Promise<Client> {
  const { url, credentials } = await chooseServer(context);
  const token = context.environment.EXPACTI_SHELL_TOKEN || credentials?.shell_token;
  if (!token) {
    throw new CliFailure(
      `No shell token for ${url}. Set EXPACTI_SHELL_TOKEN, or keep one with: expacti login --token shell_…`,
      EXIT.noPermission,
      'TOKEN_MISSING',
    );
  }
  return new ExpactiClient({ ...options, url, token, client });
}

/** The person's side: `EXPACTI_REVIEWER_TOKEN`, or the sign-in kept by `expacti login`, renewed when it is about to end. */
export async function connectReviewer(context: CliContext): Promise<ExpactiReviewer> {
  const choice = await chooseServer(context);
  const token = context.environment.EXPACTI_REVIEWER_TOKEN || (await currentToken(context, choice));
  if (!token) {
    throw new CliFailure(
      `You are not signed in to ${choice.url}. Sign in: expacti login`,
      EXIT.noPermission,
      'TOKEN_MISSING',
    );
  }
  return new ExpactiReviewer({ url: choice.url, token, client });
}

/** With a token that is not kept (yet). */
export async function connectWithToken(context: CliContext, token: string): Promise<ExpactiReviewer> {
  const { url } = await chooseServer(context);
  return new ExpactiReviewer({ url, token, client });
}

/** For what needs no sign-in. */
export const connectAnybody = (context: CliContext): Promise<ExpactiReviewer> => connectWithToken(context, 'none');

async function currentToken(context: CliContext, choice: ServerChoice): Promise<string | undefined> {
  const person = choice.credentials?.person;
  if (!person?.refresh_cookie || person.expires_at === null) return person?.access_token;
  if (person.expires_at - context.now() > RENEW_BEFORE_MS) return person.access_token;
  // Each refresh token works once: two processes that renew at once would end the sign-in.
  return withLock(context, async () => {
    const { url, credentials } = await chooseServer(context);
    const latest = credentials?.person;
    if (!latest?.refresh_cookie || latest.expires_at === null) return latest?.access_token;
    if (latest.expires_at - context.now() > RENEW_BEFORE_MS) return latest.access_token;
    const renewed = await refresh((await connectAnybody(context)).api, latest, context.now());
    await writeCredentials(context, { ...credentials, url, person: renewed });
    return renewed.access_token;
  });
}
