import type { Answer as RestAnswer } from '../support/rest.js';
import { attempt } from './attempt.js';
import type { LoadAgentIdentity } from './load-agent.js';
import type { LoadRun } from './load-run.js';
import type { Answer, Asked } from './request-register.js';
import { type Story, standingOfCommand } from './story.js';

/**
 * What an agent asks over REST, of any server: what the socket gives no answer to, and what it has asked before. Each
 * resolves with whether it is known what became of it; if not, it may be asked again.
 */
export class AgentRequests {
  constructor(
    private readonly identity: LoadAgentIdentity,
    private readonly run: LoadRun,
  ) {}

  /** The same submission once more: it has to be the same command, wherever it is asked for. */
  async submitAgain(story: Story): Promise<boolean> {
    const { name, command } = story;
    return this.#ask(
      story,
      { kind: 'submit', routine: story.plan === 'routine' },
      '',
      { command, idempotency_key: name },
      ({ body }) => {
        story.commandIds.add(body.id);
        if (body.approval_id !== null) story.approvalIds.add(body.approval_id);
        const withReceipt = body.decision?.receipt !== undefined;
        return { kind: 'stands', standing: standingOfCommand(body), withReceipt };
      },
    );
  }

  /** Asks for a second receipt, which must not be there. */
  async startAgain(story: Story): Promise<boolean> {
    return this.#ask(story, { kind: 'start' }, `${pathOf(story)}/start`, {}, ({ body }) => {
      story.receipts.add(body.decision.receipt);
      return { kind: 'receipt' };
    });
  }

  /** The socket says nothing of a cancellation where the command was allowed before. */
  async cancel(story: Story): Promise<boolean> {
    return this.#ask(story, { kind: 'cancel' }, `${pathOf(story)}/cancel`, {}, () => ({ kind: 'done' }));
  }

  async report(story: Story): Promise<boolean> {
    const answer = await this.#post(`${pathOf(story)}/result`, { exit_code: 0, duration_ms: 1 });
    if (!answer || answer.status === 429) return false;
    if (answer.status === 200) story.isReported = true;
    else this.#surprise(story, 'result', answer);
    return true;
  }

  async #ask(
    story: Story,
    asked: Asked,
    path: string,
    body: unknown,
    meaning: (answer: RestAnswer) => Answer,
  ): Promise<boolean> {
    const call = this.run.history.begin(story.name, `agent ${this.identity.label}`, asked);
    const answer = await this.#post(path, body);
    if (!answer) return false;
    const refusal = REFUSALS[answer.body.code];
    if (answer.status < 300) call.answered(meaning(answer));
    else if (refusal) call.answered(refusal);
    else {
      call.hadNoEffect();
      if (answer.status === 429) return false;
      this.#surprise(story, asked.kind, answer);
    }
    return true;
  }

  #post(path: string, body: unknown): Promise<RestAnswer | null> {
    return attempt(this.run.anyUrl(), this.identity.token, 'POST', `/commands${path}`, body);
  }

  #surprise({ name }: Story, what: string, { status, body }: RestAnswer): void {
    this.run.surprise(`${what} of ${name} was answered with ${status} ${body.code} (${body.detail})`);
  }
}

const REFUSALS: Record<string, Answer> = {
  ALREADY_CLOSED: { kind: 'already_closed' },
  ALREADY_STARTED: { kind: 'already_started' },
  NOT_ALLOWED_YET: { kind: 'not_allowed' },
  NOT_FOUND: { kind: 'not_found' },
};

const pathOf = ({ commandIds }: Story): string => `/${[...commandIds][0]}`;
