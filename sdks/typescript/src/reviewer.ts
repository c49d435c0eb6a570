import { DEFAULT_URL } from './client-options.js';
import { readEndpoint } from './connection/endpoint.js';
import { type RestApi, restApi, unwrapOnce } from './connection/rest-api.js';
import { ExpactiInvalid } from './errors.js';
import type { paths } from './generated/openapi.js';
import { VERSION } from './version.js';
import type { Approval, Evaluation, NewRule, Remember, Rule, Session } from './wire/types.js';

export interface ExpactiReviewerOptions {
  /** The server. Default: `EXPACTI_URL`, else `http://127.0.0.1:3001`. */
  url?: string;
  /** A person's access token, or how to get the current one. Default: `EXPACTI_REVIEWER_TOKEN`. */
  token?: string | (() => string);
  /** As for the client. */
  allowInsecure?: boolean;
  /** Name and version of your program. */
  client?: { name: string; version: string };
}

/** A page of a list, newest first; `next_cursor` asks for the next one. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? Q : never;
/** What a reviewer has seen: a vote for anything else is refused by the server. */
export type Seen = Pick<Approval, 'id' | 'version' | 'command_sha256'>;

/** A person's side: the queue, votes, rules, sessions. `api` reaches everything else, typed. */
export class ExpactiReviewer {
  readonly api: RestApi;

  /** @throws ExpactiInvalid when an option cannot be used. */
  constructor(options: ExpactiReviewerOptions = {}) {
    const allowInsecure = options.allowInsecure ?? process.env.EXPACTI_ALLOW_INSECURE === '1';
    const endpoint = readEndpoint(options.url ?? (process.env.EXPACTI_URL || DEFAULT_URL), allowInsecure);
    const given = options.token ?? process.env.EXPACTI_REVIEWER_TOKEN ?? '';
    if (given === '') throw new ExpactiInvalid('Give a token, or set EXPACTI_REVIEWER_TOKEN.', 'TOKEN_MISSING');
    const { name, version } = options.client ?? { name: '@expacti/sdk', version: VERSION };
    const token = typeof given === 'string' ? () => given : given;
    this.api = restApi({ url: endpoint.http, token, userAgent: `${name}/${version}` });
  }

  /** What waits for a decision, newest first. */
  pending(query: Omit<Query<'/api/v1/approvals'> & object, 'status'> = {}): Promise<Page<Approval>> {
    return this.approvals({ ...query, status: 'pending' });
  }

  approvals(query: Query<'/api/v1/approvals'> = {}): Promise<Page<Approval>> {
    return unwrapOnce<Page<Approval>>(this.api.GET('/api/v1/approvals', { params: { query } }));
  }

  approval(id: string): Promise<Approval> {
    return unwrapOnce<Approval>(this.api.GET('/api/v1/approvals/{id}', { params: { path: { id } } }));
  }

  /**
   * Approves the version and text in `seen`: pass the approval that was shown to the person.
   * @throws ExpactiConflict when it changed or was closed meanwhile.
   */
  approve(seen: Seen, vote: { reason?: string; editedCommand?: string; remember?: Remember } = {}): Promise<Approval> {
    const { id, version, command_sha256 } = seen;
    const { reason, editedCommand, remember } = vote;
    return unwrapOnce<Approval>(
      this.api.POST('/api/v1/approvals/{id}/approve', {
        params: { path: { id } },
        body: {
          version,
          command_sha256,
          ...(reason === undefined ? {} : { reason }),
          ...(editedCommand === undefined ? {} : { edited_command: editedCommand }),
          ...(remember === undefined ? {} : { remember }),
        },
      }),
    );
  }

  /** Denies; the agent reads the reason. @throws as `approve`. */
  deny(seen: Seen, vote: { reason?: string; remember?: Remember } = {}): Promise<Approval> {
    const { id, version, command_sha256 } = seen;
    return unwrapOnce<Approval>(
      this.api.POST('/api/v1/approvals/{id}/deny', {
        params: { path: { id } },
        body: { version, command_sha256, ...vote },
      }),
    );
  }

  readonly rules = {
    list: (query: Query<'/api/v1/rules'> = {}): Promise<Page<Rule>> =>
      unwrapOnce<Page<Rule>>(this.api.GET('/api/v1/rules', { params: { query } })),
    create: (rule: NewRule): Promise<Rule> => unwrapOnce<Rule>(this.api.POST('/api/v1/rules', { body: rule })),
    delete: async (id: string): Promise<void> => {
      await unwrapOnce(this.api.DELETE('/api/v1/rules/{id}', { params: { path: { id } } }));
    },
    /** How would this be judged? Runs nothing. */
    evaluate: (
      request: paths['/api/v1/rules/evaluate']['post']['requestBody']['content']['application/json'],
    ): Promise<Evaluation> => unwrapOnce<Evaluation>(this.api.POST('/api/v1/rules/evaluate', { body: request })),
  };

  sessions(query: Query<'/api/v1/sessions'> = {}): Promise<Page<Session>> {
    return unwrapOnce<Page<Session>>(this.api.GET('/api/v1/sessions', { params: { query } }));
  }
}
