import { type CliContext, note, say } from './context.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** A failure that the CLI itself found: wrong usage, a missing setting, a file that cannot be read. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exit: ExitCode;
  readonly code: string;

  constructor(message: string, exit: ExitCode, code = 'CLI') {
    super(message);
    this.exit = exit;
    this.code = code;
  }
}

/** By the name of the error class of the SDK: the SDK is loaded only by commands that need it. */
const EXIT_OF_NAME: Record<string, ExitCode> = {
  ExpactiDenied: EXIT.denied,
  ExpactiTimeout: EXIT.timeout,
  ExpactiCancelled: EXIT.cancelled,
  ExpactiUnavailable: EXIT.unavailable,
  ExpactiUnauthorized: EXIT.noPermission,
  ExpactiInvalid: EXIT.invalid,
  ExpactiNotFound: EXIT.notFound,
  ExpactiConflict: EXIT.conflict,
  ExpactiReceiptError: EXIT.receipt,
  ConfigurationError: EXIT.configuration,
  AbortError: EXIT.interrupted,
};

export interface Failure {
  exit: ExitCode;
  code: string;
  message: string;
  /** Further facts for `--json`. */
  details: Record<string, unknown>;
}

/** Reads any error; one that nobody foresaw keeps its message and becomes `internal`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CliFailure) return { exit: error.exit, code: error.code, message: error.message, details: {} };
  if (!isErrorLike(error)) return { exit: EXIT.internal, code: 'INTERNAL', message: String(error), details: {} };
  const { code, reason, source, commandId, fields } = error;
  const known = { reason, source, command_id: commandId, fields };
  return {
    exit: EXIT_OF_NAME[error.name] ?? EXIT.internal,
    code: typeof code === 'string' ? code : error.name,
    message: error.message,
    details: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}

/** By shape, because a DOMException is not everywhere an instance of Error. */
const isErrorLike = (error: unknown): error is Error & Record<string, unknown> =>
  typeof error === 'object' && error !== null && 'name' in error && 'message' in error;

/** Says what failed; what the server or a reviewer wrote is escaped, for it may be hostile to a terminal. */
export async function tellFailure(context: CliContext, error: unknown): Promise<ExitCode> {
  const failure = failureOf(error);
  if (context.json) {
    say(context, JSON.stringify({ error: { code: failure.code, message: failure.message, ...failure.details } }));
    return failure.exit;
  }
  const { prose } = await import('./display/prose.js');
  note(context, `expacti: ${prose(failure.message)}`);
  const advice = adviceFor(failure);
  if (advice) note(context, advice);
  return failure.exit;
}

function adviceFor(failure: Failure): string | undefined {
  if (failure.code === 'UNREACHABLE')
    return 'Is the server running, and is --url (or EXPACTI_URL) right? Try: expacti doctor';
  if (failure.code === 'UNAUTHENTICATED') return 'Sign in: expacti login';
  return undefined;
}
