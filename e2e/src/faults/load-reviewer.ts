import type { VoteVerb } from '@expacti/contracts';
import type { Frame } from '../support/agent.js';
import type { Answer as RestAnswer } from '../support/rest.js';
import { attempt } from './attempt.js';
import type { LoadRun } from './load-run.js';
import type { Answer, Asked } from './request-register.js';
import { nameIn, standingOfApproval } from './story.js';

export interface LoadReviewerIdentity {
  readonly id: string;
  readonly name: string;
  token: string;
  /** A new token, when the old one has expired; null when nobody answers. */
  signIn(url: string): Promise<string | null>;
}

const LISTED = 100;
const VOTES_PER_LIST = 4;

/** One person with the queue open: votes on what is there, again where no answer came, at whichever server. */
export class LoadReviewer {
  constructor(
    private readonly identity: LoadReviewerIdentity,
    private readonly run: LoadRun,
  ) {}

  async work(): Promise<void> {
    const { run } = this;
    while (!run.isOver) {
      await run.whenNotPaused();
      const queue = await this.#queue();
      for (const approval of this.#choose(queue)) await this.#decide(approval);
      await run.nap(queue.length === 0 ? 50 : 5);
    }
  }

  async #queue(): Promise<Frame[]> {
    const answer = await this.#ask('GET', `/approvals?status=pending&limit=${LISTED}`);
    if (answer?.status !== 200) return [];
    return (answer.body.data as Frame[]).filter(({ command }) => {
      const story = this.run.stories.get(nameIn(command));
      return story !== undefined && story.plan !== 'left';
    });
  }

  /** Any of them, and often the oldest, on which the others fall too. */
  #choose(queue: readonly Frame[]): Frame[] {
    const { random } = this.run;
    const oldest = queue.at(-1);
    if (!oldest) return [];
    const chosen = Array.from({ length: VOTES_PER_LIST }, () => (random.chance(0.3) ? oldest : random.pick(queue)));
    return [...new Set(chosen)];
  }

  async #decide(approval: Frame): Promise<void> {
    const { run } = this;
    const name = nameIn(approval.command);
    run.stories.get(name)?.approvalIds.add(approval.id);
    const verb: VoteVerb = run.random.chance(0.7) ? 'approve' : 'deny';
    while (!run.isOver && !(await this.#vote(name, approval, verb))) await run.pauseBeforeRetry();
    if (run.random.chance(0.2)) await this.#lookAgain(name, approval.id);
  }

  /** True when it is known what became of the vote. */
  async #vote(name: string, { id, version, command_sha256 }: Frame, verb: VoteVerb): Promise<boolean> {
    const call = this.#begin(name, { kind: 'vote', verb, reviewer: this.identity.id });
    const answer = await this.#ask('POST', `/approvals/${id}/${verb}`, { version, command_sha256 });
    if (!answer) return false;
    const meaning = meaningOf(answer);
    if (meaning) {
      call.answered(meaning);
      return true;
    }
    call.hadNoEffect();
    if (answer.status === 401 || answer.status === 429) return false;
    this.run.surprise(`${verb} of ${name} was answered with ${answer.status} ${answer.body?.code}`);
    return true;
  }

  async #lookAgain(name: string, id: string): Promise<void> {
    const call = this.#begin(name, { kind: 'read' });
    const answer = await this.#ask('GET', `/approvals/${id}`);
    if (answer?.status === 200) call.answered({ kind: 'stands', standing: standingOfApproval(answer.body) });
    else if (answer?.status === 404) call.answered({ kind: 'not_found' });
    else call.hadNoEffect();
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<RestAnswer | null> {
    const url = this.run.anyUrl();
    const answer = await attempt(url, this.identity.token, method, path, body);
    if (answer?.status === 401) this.identity.token = (await this.identity.signIn(url)) ?? this.identity.token;
    return answer;
  }

  #begin(name: string, asked: Asked) {
    return this.run.history.begin(name, `reviewer ${this.identity.name}`, asked);
  }
}

function meaningOf({ status, body }: RestAnswer): Answer | null {
  if (status === 200) return { kind: 'done' };
  if (status === 404) return { kind: 'not_found' };
  return body?.code === 'ALREADY_CLOSED' ? { kind: 'already_closed' } : null;
}
