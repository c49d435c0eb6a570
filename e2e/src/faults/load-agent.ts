import type { Frame } from '../support/agent.js';
import { AgentConnections, type Connection } from './agent-connections.js';
import { type AgentLink, LinkLost } from './agent-link.js';
import { AgentRequests } from './agent-requests.js';
import type { OpenCall } from './history.js';
import type { LoadRun } from './load-run.js';
import type { Asked } from './request-register.js';
import { newStory, type Story, standingOf } from './story.js';

/** An agent asks again when it has heard nothing about a command for this long. */
const SILENCE_MS = 3_000;

/** A decision that is on its way when the agent asks is not one that it would have missed. */
const OLD_NEWS_MS = 2_000;

const isOldNews = ({ type, decided_at }: Frame): boolean =>
  type === 'command.decided' && Date.now() - Date.parse(decided_at) > OLD_NEWS_MS;

const REFUSED_FOR_NOW = ['RATE_LIMITED', 'TOO_MANY_PENDING'];
const PERHAPS_DONE = ['UNAVAILABLE', 'INTERNAL'];

export interface LoadAgentIdentity {
  readonly id: string;
  readonly token: string;
  /** Part of the names of its commands; no other agent has the same. */
  readonly label: string;
}

/** One agent: submits, waits, asks again whatever breaks, and forgets nothing. */
export class LoadAgent {
  readonly #connections: AgentConnections;
  readonly #requests: AgentRequests;
  #number = 0;

  constructor(
    private readonly identity: LoadAgentIdentity,
    private readonly run: LoadRun,
  ) {
    this.#connections = new AgentConnections(identity.token, run, (frame, starts) => this.#hear(frame, starts));
    this.#requests = new AgentRequests(identity, run);
  }

  /** Ends when nothing more is to be submitted and every command has come to its end. */
  async work(commandsAtOnce: number): Promise<void> {
    await Promise.all(Array.from({ length: commandsAtOnce }, () => this.#lane()));
    await this.close();
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #lane(): Promise<void> {
    while (await this.run.turn()) {
      this.#number += 1;
      const story = newStory(this.identity, this.identity.label, this.#number, this.run.anyPlan());
      this.run.tell(story);
      await this.#live(story);
    }
  }

  async #live(story: Story): Promise<void> {
    await this.#insist(async () => this.#advance(story, await this.#connections.current()));
    const { random } = this.run;
    if (story.receipts.size > 0 && random.chance(0.1)) await this.#insist(() => this.#requests.startAgain(story));
    if (story.receipts.size > 0 && story.heard?.source === 'reviewer' && random.chance(0.3))
      await this.#insist(() => this.#requests.report(story));
  }

  /** Again and again, on whichever server answers, until the step says that it is done. */
  async #insist(step: () => Promise<boolean>): Promise<void> {
    while (!this.run.isOver) {
      try {
        if (await step()) return;
      } catch (error) {
        if (!(error instanceof LinkLost)) this.run.surprise(`agent ${this.identity.label}: ${error}`);
      }
      await this.run.pauseBeforeRetry();
    }
  }

  /** One step on the way from submission to receipt; true at the end of the way. */
  async #advance(story: Story, { link, starts }: Connection): Promise<boolean> {
    if (story.commandIds.size === 0) {
      if (!(await this.#submit(story, link, starts))) return false;
      if (this.run.random.chance(0.1)) await this.#insist(() => this.#requests.submitAgain(story));
    } else if (!story.heard) await this.#status(story, link);
    if (story.plan === 'withdrawn' && !story.heard) {
      await this.run.nap(this.run.random.below(60));
      await this.#insist(() => this.#requests.cancel(story));
    }
    while (!story.heard) {
      const pushed = await link.next(
        (frame) => frame.type === 'command.decided' && frame.ref === story.name,
        SILENCE_MS,
      );
      if (pushed || story.heard) break;
      const answer = await this.#status(story, link);
      if (isOldNews(answer)) this.run.figures.heardByAsking += 1;
    }
    if (story.heard?.status === 'denied' || story.receipts.size > 0) return true;
    return this.#start(story, link);
  }

  async #submit(story: Story, link: AgentLink, starts: Connection['starts']): Promise<boolean> {
    const { name, command } = story;
    const call = this.#begin(story, { kind: 'submit', routine: story.plan === 'routine' });
    const start = this.#begin(story, { kind: 'start' });
    starts.set(name, start);
    const frame = { type: 'command.submit', ref: name, command, idempotency_key: name };
    const answers = ['command.pending', 'command.decided', 'error'];
    const answer = await link.ask(frame, ({ type, ref }) => ref === name && answers.includes(type));
    if (answer.type === 'command.pending') {
      call.answered({ kind: 'stands', standing: { status: 'pending' } });
      story.commandIds.add(answer.command_id);
      story.approvalIds.add(answer.approval_id);
      return true;
    }
    if (answer.type === 'command.decided') {
      // Whatever receipt there is came with this answer.
      start.hadNoEffect();
      call.answered({ kind: 'stands', standing: standingOf(answer), withReceipt: answer.receipt !== undefined });
      return true;
    }
    if (REFUSED_FOR_NOW.includes(answer.code)) for (const none of [call, start]) none.hadNoEffect();
    else if (!PERHAPS_DONE.includes(answer.code)) this.#surprise(story, 'submit', answer);
    return false;
  }

  /** Asks how it stands; from then on this connection hears of its decision. */
  async #status(story: Story, link: AgentLink): Promise<Frame> {
    const answers = ['command.pending', 'command.decided'];
    const { frame, call } = await this.#askAbout(story, link, 'command.status', { kind: 'read' }, answers);
    if (frame.type === 'command.pending') call.answered({ kind: 'stands', standing: { status: 'pending' } });
    // Noted already, as every decision that comes.
    else if (frame.type === 'command.decided') call.hadNoEffect();
    else this.#refused(story, 'status', frame, call);
    return frame;
  }

  /** True when it is known whether there is a receipt. */
  async #start(story: Story, link: AgentLink): Promise<boolean> {
    const { frame, call } = await this.#askAbout(story, link, 'command.start', { kind: 'start' }, ['command.started']);
    if (frame.type === 'command.started') {
      call.answered({ kind: 'receipt' });
      story.receipts.add(frame.receipt);
    } else if (frame.code === 'ALREADY_STARTED') call.answered({ kind: 'already_started' });
    else if (frame.code === 'NOT_ALLOWED_YET') call.answered({ kind: 'not_allowed' });
    else {
      this.#refused(story, 'start', frame, call);
      return false;
    }
    return true;
  }

  async #askAbout(story: Story, link: AgentLink, type: string, asked: Asked, answers: readonly string[]) {
    const [command_id] = story.commandIds;
    const call = this.#begin(story, asked);
    const frame = await link.ask(
      { type, command_id },
      (answer) => answer.command_id === command_id && (answer.type === 'error' || answers.includes(answer.type)),
    );
    return { frame, call };
  }

  #refused(story: Story, what: string, error: Frame, call: OpenCall): void {
    if (error.code === 'NOT_FOUND') call.answered({ kind: 'not_found' });
    else if (REFUSED_FOR_NOW.includes(error.code)) call.hadNoEffect();
    else if (!PERHAPS_DONE.includes(error.code)) this.#surprise(story, what, error);
  }

  /** Takes note of every decision that comes, whoever waits for it, and at whatever time. */
  #hear(frame: Frame, starts: Connection['starts']): void {
    const story = this.run.stories.get(frame.ref);
    if (frame.type !== 'command.decided' || !story) return;
    const standing = standingOf(frame);
    story.commandIds.add(frame.command_id);
    story.heard ??= standing;
    this.#begin(story, { kind: 'read' }).answered({ kind: 'stands', standing });
    if (!frame.receipt) return;
    story.receipts.add(frame.receipt);
    if (standing.source !== 'rule') starts.get(story.name)?.answered({ kind: 'receipt' });
  }

  #begin(story: Story, asked: Asked): OpenCall {
    return this.run.history.begin(story.name, `agent ${this.identity.label}`, asked);
  }

  #surprise(story: Story, what: string, { code, message }: Frame): void {
    this.run.surprise(`${what} of ${story.name} was answered with ${code} (${message})`);
  }
}
