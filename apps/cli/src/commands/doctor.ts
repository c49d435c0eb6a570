import colors from 'picocolors';
import { answer, type CliContext } from '../context.js';
import { prose } from '../display/prose.js';
import { indent, table } from '../display/table.js';
import type { CheckResult, CheckStatus } from '../doctor/check.js';
import {
  checkConfiguration,
  checkCredentialsFile,
  checkDatabaseFile,
  checkDataFolder,
  checkNode,
  checkPort,
} from '../doctor/local-checks.js';
import { checkClock, checkReachable, checkReady, checkReceiptKeys, checkToken } from '../doctor/server-checks.js';
import { EXIT } from '../exit-codes.js';
import { connectAnybody, connectReviewer, connectWithToken } from '../settings/connect.js';
import { chooseServer } from '../settings/server-url.js';

const MARK: Record<CheckStatus, string> = {
  ok: colors.green('ok'),
  warn: colors.yellow('warn'),
  fail: colors.red('FAIL'),
  skip: colors.dim('skip'),
};

/** `expacti doctor`: examines this machine and the server, and says what to do about what is wrong. */
export async function doctorCommand(context: CliContext, flags: { config?: string }): Promise<number> {
  const { results: onServer, port: served } = await serverResults(context);
  const results = [...(await localResults(context, flags.config, served)), ...onServer];
  const ok = results.every((result) => result.status !== 'fail');
  answer(context, { ok, checks: results }, () =>
    table(results.map(({ name, status, detail }) => [MARK[status], name, indent(prose(detail), '').trimStart()])),
  );
  return ok ? EXIT.ok : EXIT.failed;
}

async function localResults(
  context: CliContext,
  configFile: string | undefined,
  served: number | undefined,
): Promise<CheckResult[]> {
  const { result, local } = await checkConfiguration(configFile);
  const results = [await checkNode(context), result];
  if (local) {
    results.push(
      await checkPort(local, served === local.port),
      await checkDataFolder(local),
      await checkDatabaseFile(local),
    );
  }
  return [...results, await checkCredentialsFile(context)];
}

/** @returns The port of the server that answered, when it runs on this machine. */
async function serverResults(context: CliContext): Promise<{ results: CheckResult[]; port: number | undefined }> {
  const { url, credentials } = await chooseServer(context);
  const { api } = await connectAnybody(context);
  const { result, response } = await checkReachable(api, url);
  if (!response?.ok) return { results: [result], port: undefined };
  const results = [result, await checkReady(api), await checkReceiptKeys(api), checkClock(response, context.now())];
  const shellToken = context.environment.EXPACTI_SHELL_TOKEN || credentials?.shell_token;
  if (shellToken)
    results.push(await checkToken((await connectWithToken(context, shellToken)).api, 'shell token', 'agent'));
  if (context.environment.EXPACTI_REVIEWER_TOKEN || credentials?.person) {
    results.push(await personResult(context));
  }
  const { hostname, port } = new URL(url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { results, port: isLocal ? Number(port || 80) : undefined };
}

async function personResult(context: CliContext): Promise<CheckResult> {
  try {
    return await checkToken((await connectReviewer(context)).api, 'sign-in', 'person');
  } catch (error) {
    return { name: 'sign-in', status: 'fail', detail: `${(error as Error).message} Sign in again: expacti login` };
  }
}
