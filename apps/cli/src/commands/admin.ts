import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '@expacti/sdk';
import { ask, askSecret, readInputLine } from '../ask.js';
import { answer, type CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { connectAnybody } from '../settings/connect.js';

export interface AdminFlags {
  email?: string;
  name?: string;
  org?: string;
  passwordStdin?: boolean;
  setupToken?: string;
  dataDir?: string;
  onePersonApproval?: boolean;
}

/** `expacti admin create`: the first owner of a new installation, with its one-time set-up token. */
export async function createAdmin(context: CliContext, flags: AdminFlags): Promise<number> {
  const token = flags.setupToken ?? (await keptSetupToken(context, flags.dataDir));
  const email = flags.email ?? (await ask(context, 'E-mail: ', '--email'));
  const name = flags.name ?? (await ask(context, 'Name: ', '--name'));
  const organization = flags.org ?? (await ask(context, 'Organization: ', '--org'));
  const password = flags.passwordStdin ? await readInputLine(context) : await choosePassword(context);
  const { api } = await connectAnybody(context);
  const made = await unwrap(
    api.POST('/api/v1/auth/setup', {
      body: {
        token,
        email,
        name,
        password,
        org_name: organization,
        one_person_approval: flags.onePersonApproval ?? false,
      },
    }),
  );
  answer(context, { user: made.user }, () => `${made.user.email} owns this installation now. Sign in: expacti login`);
  return EXIT.ok;
}

/** The server leaves its set-up token in its data folder, readable by its own user only. */
async function keptSetupToken(context: CliContext, dataDir: string | undefined): Promise<string> {
  const file = join(dataDir ?? (context.environment.EXPACTI_DATA_DIR || './data'), 'setup-token');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new CliFailure(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Start the server first, and give --data-dir or --setup-token; ` +
        'an installation that has its owner has no set-up token.',
      EXIT.configuration,
      'SETUP_TOKEN_MISSING',
    );
  }
}

async function choosePassword(context: CliContext): Promise<string> {
  const password = await askSecret(context, 'Password (12 characters or more): ', '--password-stdin');
  if ((await askSecret(context, 'Again: ', '--password-stdin')) !== password) {
    throw new CliFailure('The two passwords differ.', EXIT.usage, 'USAGE');
  }
  return password;
}
