import openApiFetch, { type Client } from 'openapi-fetch';
import { ExpactiUnavailable, errorOfProblem } from '../errors.js';
import type { paths } from '../generated/openapi.js';
import { LinkLost } from './link-lost.js';

/** Required from CommonJS, that package has its function one `default` further in. */
const createClient = (openApiFetch as typeof openApiFetch & { default?: typeof openApiFetch }).default ?? openApiFetch;

/** Typed REST client: `api.GET('/api/v1/approvals', …)`; answers `{data, error, response}`. */
export type RestApi = Client<paths>;

export interface RestApiOptions {
  /** Of the server, without a slash at the end. */
  url: string;
  /** Asked for with each request, so that a renewed one is used at once. */
  token: () => string;
  userAgent: string;
}

/** @returns A client whose network failures are `LinkLost`, whatever the runtime's fetch throws. */
export function restApi({ url, token, userAgent }: RestApiOptions): RestApi {
  const api = createClient<paths>({
    baseUrl: url,
    fetch: async (request) => {
      request.headers.set('authorization', `Bearer ${token()}`);
      request.headers.set('user-agent', userAgent);
      try {
        return await fetch(request);
      } catch (error) {
        if (request.signal.aborted) throw error;
        throw new LinkLost(reasonOf(error), { cause: error });
      }
    },
  });
  return api;
}

/** fetch says only "fetch failed"; what failed is in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError) return reasonOf({ ...cause, cause: cause.errors[0] });
  if (cause instanceof Error && cause.message) return cause.message;
  return error instanceof Error ? error.message : String(error);
}

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/**
 * The data of an answer.
 * @throws the typed error that the server's problem document stands for.
 */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await readable(answer);
  if (response.ok) return data as T;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw errorOfProblem(problemOf(error, response), Number.isFinite(seconds) ? seconds : undefined);
}

/** An answer that is not JSON at all comes from something between us and the server. */
async function readable<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new ExpactiUnavailable('The answer is not JSON; is this the address of an expacti server?', 'NOT_EXPACTI');
    }
    throw error;
  }
}

function problemOf(error: unknown, response: Response): Parameters<typeof errorOfProblem>[0] {
  if (typeof error === 'object' && error !== null && 'code' in error && 'title' in error) {
    return { ...(error as Parameters<typeof errorOfProblem>[0]), status: response.status };
  }
  return { status: response.status, code: `HTTP_${response.status}`, title: `The server answered ${response.status}.` };
}

/** As `unwrap`, but a lost link is a typed error too: for callers that do not retry. */
export async function unwrapOnce<T>(answer: Promise<Answer<T>>): Promise<T> {
  try {
    return await unwrap(answer);
  } catch (error) {
    if (error instanceof LinkLost) {
      throw new ExpactiUnavailable(`The server cannot be reached: ${error.message}`, 'UNREACHABLE', { cause: error });
    }
    throw error;
  }
}
