import type { Problem } from './types.js';

/** The server refused, and said why (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  /** Seconds to wait before trying again, where the server names them. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get code(): Problem['code'] {
    return this.problem.code;
  }
}

/** No usable answer came: the server is away, the network is down, or something between answered instead. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** A failure in words for the person in front of the page: what happened, and what to do about it. */
export interface FailureText {
  title: string;
  advice: string;
  retryable: boolean;
}

export function describeFailure(error: unknown): FailureText {
  if (error instanceof UnreachableError) {
    return {
      title: 'The server does not answer.',
      advice: 'Nothing was changed. Check the connection, then try again.',
      retryable: true,
    };
  }
  if (error instanceof ProblemError) {
    const { problem, retryAfterSeconds } = error;
    const wait = retryAfterSeconds === null ? '' : ` Try again in ${retryAfterSeconds} s.`;
    return {
      title: problem.title,
      advice: `${problem.detail ?? adviceFor(problem)}${wait}`,
      retryable: problem.retryable,
    };
  }
  return {
    title: 'This page failed.',
    advice: error instanceof Error ? error.message : String(error),
    retryable: true,
  };
}

function adviceFor(problem: Problem): string {
  if (problem.code === 'FORBIDDEN') return 'Ask an owner of this organisation for the permission.';
  if (problem.code === 'NOT_FOUND') return 'It may have been removed, or the link is of another organisation.';
  return problem.retryable ? 'Try again in a moment.' : '';
}

/** The message for one field of a form, where the server named that field. */
export function fieldProblem(error: unknown, path: string): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return error.problem.errors?.find((field) => field.path === path || field.path.startsWith(`${path}.`))?.message;
}

/** Problems of no field in `paths`, in one sentence; undefined when each is shown at its field. */
export function formProblem(error: unknown, paths: string[]): string | undefined {
  if (error === null || error === undefined) return undefined;
  const fields = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  const elsewhere = fields.filter(
    (field) => !paths.some((path) => field.path === path || field.path.startsWith(`${path}.`)),
  );
  if (fields.length > 0 && elsewhere.length === 0) return undefined;
  if (elsewhere.length > 0) return elsewhere.map((field) => `${field.path}: ${field.message}`).join(' · ');
  const { title, advice } = describeFailure(error);
  return advice ? `${title} ${advice}` : title;
}
