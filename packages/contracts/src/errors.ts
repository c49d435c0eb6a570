import { z } from 'zod';

/**
 * Every error that leaves the system, in one place: stable code, HTTP status, whether trying the same again can help,
 * and a title. `docs/errors.md` is generated from it.
 */
export const ERROR_CATALOGUE = {
  MALFORMED_JSON: { status: 400, retryable: false, title: 'The body is not valid JSON.' },
  UNAUTHENTICATED: { status: 401, retryable: false, title: 'The credential is missing, unknown, expired or revoked.' },
  SIGN_IN_FAILED: { status: 401, retryable: false, title: 'E-mail or password is wrong.' },
  FORBIDDEN: { status: 403, retryable: false, title: 'This identity may not do that.' },
  ORIGIN_REFUSED: { status: 403, retryable: false, title: 'A web page of another origin may not connect.' },
  OWN_AGENT: { status: 403, retryable: false, title: 'The owner of an agent does not approve its requests.' },
  NOT_FOUND: { status: 404, retryable: false, title: 'There is no such thing here, or it is not yours.' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: 'The path exists, but not with this method.' },
  ALREADY_CLOSED: { status: 409, retryable: false, title: 'The request was decided already.' },
  STALE_VERSION: { status: 409, retryable: false, title: 'The request changed after it was shown; look again.' },
  TEXT_MISMATCH: { status: 409, retryable: false, title: 'The vote names another text than the one that is pending.' },
  IDEMPOTENCY_CLASH: { status: 409, retryable: false, title: 'The idempotency key was used for a different request.' },
  ALREADY_STARTED: { status: 409, retryable: false, title: 'The receipt of this command was given out before.' },
  NOT_ALLOWED_YET: {
    status: 409,
    retryable: false,
    title: 'The command is not allowed, so there is no receipt to give.',
  },
  ALREADY_EXISTS: { status: 409, retryable: false, title: 'That name is taken.' },
  IN_USE: { status: 409, retryable: false, title: 'Something else still refers to this.' },
  ALREADY_VOTED: { status: 409, retryable: false, title: 'This person voted on this version already.' },
  SETUP_DONE: { status: 409, retryable: false, title: 'The installation has its owner already.' },
  TOO_LARGE: { status: 413, retryable: false, title: 'The request is larger than is accepted.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, title: 'Send application/json.' },
  INVALID: { status: 422, retryable: false, title: 'Some fields are not valid.' },
  UNKNOWN_TARGET: { status: 422, retryable: false, title: 'No target of that name is registered for this agent.' },
  CLAIM_OUTSIDE_TOKEN: { status: 422, retryable: false, title: 'The token does not cover that target, shell or kind.' },
  RULE_INVALID: { status: 422, retryable: false, title: 'The rule cannot be used as written.' },
  NOT_SUPPORTED: { status: 422, retryable: false, title: 'This installation does not do that.' },
  RATE_LIMITED: { status: 429, retryable: true, title: 'Too many requests; wait as long as Retry-After says.' },
  TOO_MANY_PENDING: { status: 429, retryable: true, title: 'Too many commands of this agent wait for review.' },
  INTERNAL: { status: 500, retryable: true, title: 'Something failed inside. Nothing was allowed.' },
  UNAVAILABLE: { status: 503, retryable: true, title: 'A part that this needs does not answer. Nothing was allowed.' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export const ErrorCodeSchema = z.enum(Object.keys(ERROR_CATALOGUE) as [ErrorCode, ...ErrorCode[]]);

export const FieldProblem = z.object({ path: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof FieldProblem>;

/** RFC 9457 with the stable `code`; `errors` lists each invalid field. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: ErrorCodeSchema,
    detail: z.string().optional(),
    retryable: z.boolean(),
    errors: z.array(FieldProblem).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** An error that may be shown to whoever asked: it crosses RPC, REST and the agent socket with its code. */
export class ExpactiError extends Error {
  override readonly name = 'ExpactiError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly fields: FieldProblem[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail?: string, more: { fields?: FieldProblem[]; retryAfterSeconds?: number } = {}) {
    super(detail ?? ERROR_CATALOGUE[code].title);
    this.code = code;
    this.detail = detail;
    this.fields = more.fields;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }

  get retryable(): boolean {
    return ERROR_CATALOGUE[this.code].retryable;
  }

  toProblem(): Problem {
    const entry = ERROR_CATALOGUE[this.code];
    return {
      type: `urn:expacti:error:${this.code.toLowerCase()}`,
      title: entry.title,
      status: entry.status,
      code: this.code,
      retryable: entry.retryable,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.fields === undefined ? {} : { errors: this.fields }),
    };
  }
}

/** The error that lists each invalid field of a request. */
export function invalidFields(error: z.ZodError): ExpactiError {
  const fields = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'is not a known field' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  return new ExpactiError(
    'INVALID',
    fields
      .map((field) => `${field.path || 'body'}: ${field.message}`)
      .join('; ')
      .slice(0, 1_000),
    {
      fields: fields.slice(0, 100),
    },
  );
}

/** Parses by schema or throws the listing error. */
export function parseOrRefuse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const outcome = safeParse(schema, value);
  if (!outcome.success) throw invalidFields(outcome.error);
  return outcome.data;
}

/** As the schema's own, except that a value which exhausts the stack is refused instead of throwing. */
function safeParse<T extends z.ZodType>(schema: T, value: unknown): z.ZodSafeParseResult<z.infer<T>> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof RangeError) throw new ExpactiError('INVALID', 'The value is nested too deeply.');
    throw error;
  }
}
