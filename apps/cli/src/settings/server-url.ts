import type { CliContext } from '../context.js';
import { type Credentials, readCredentials } from './credentials.js';

export const DEFAULT_URL = 'http://127.0.0.1:3001';

/** What a command knows of its server before it asks: `--url`, then `EXPACTI_URL`, then where one signed in. */
export interface ServerChoice {
  url: string;
  /** Only those for this very server: a token is never sent to another. */
  credentials: Credentials | undefined;
}

export async function chooseServer(context: CliContext): Promise<ServerChoice> {
  const stored = await readCredentials(context);
  const url = (context.url ?? (context.environment.EXPACTI_URL || stored?.url || DEFAULT_URL)).replace(/\/+$/, '');
  return { url, credentials: stored?.url === url ? stored : undefined };
}
