import type { Frame } from '../support/agent.js';
import { AgentLink, LinkLost } from './agent-link.js';
import { attempt } from './attempt.js';
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

/** A socket, and the receipts that the gateway behind it may take by itself for what was submitted there. */
interface Connection {
  readonly link: AgentLink;
  readonly starts: Map<string, OpenCall>;
}

/** One agent: submits, waits, asks again whatever breaks, and forgets nothing. */
export class LoadAgent {
  #connection: Promise<Connection> | undefined;
  #sessionId: string | null = null;
  #number = 0;

  constructor(
    private readonly identity: LoadAgentIdentity,
    private readonly run: LoadRun,
  ) {}

  /** Ends when nothing more is to be submitted and every command has come to its end. */
  async work(commandsAtOnce: number): Promise<void> {
    await Promise.all(Array.from({ length: commandsAtOnce }, () => this.#lane()));
    await this.close();
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    connection?.link.close();
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
    await this.#insist(async () => this.#advance(story, await this.#connected()));
    if (story.receipts.size > 0 && story.heard?.source === 'reviewer' && this.run.random.chance(0.3))
      await this.#insist(() => this.#report(story));
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
    } else if (!story.heard) await this.#status(story, link);
    if (story.plan === 'withdrawn' && !story.heard) await this.#cancel(story);
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

  /** Over REST, whose answer says whether it counts; the socket says nothing where the command was allowed before. */
  async #cancel(story: Story): Promise<void> {
    const [id] = story.commandIds;
    await this.run.nap(this.run.random.below(60));
    await this.#insist(async () => {
      const call = this.#begin(story, { kind: 'cancel' });
      const answer = await attempt(this.run.anyUrl(), this.identity.token, 'POST', `/commands/${id}/cancel`, {});
      if (!answer) return false;
      if (answer.status === 200) call.answered({ kind: 'done' });
      else if (answer.body.code === 'ALREADY_CLOSED') call.answered({ kind: 'already_closed' });
      else if (answer.status === 404) call.answered({ kind: 'not_found' });
      else {
        call.hadNoEffect();
        if (answer.status !== 429) this.#surprise(story, 'cancel', answer.body);
        return answer.status !== 429;
      }
      return true;
    });
  }

  async #report(story: Story): Promise<boolean> {
    const [id] = story.commandIds;
    const result = { exit_code: 0, duration_ms: 1 };
    const answer = await attempt(this.run.anyUrl(), this.identity.token, 'POST', `/commands/${id}/result`, result);
    if (!answer || answer.status === 429) return false;
    if (answer.status === 200) story.isReported = true;
    else this.#surprise(story, 'result', answer.body);
    return true;
  }

  /** The socket in use, or a new one to any server; everybody who waits for it shares the one attempt. */
  async #connected(): Promise<Connection> {
    const current = this.#connection;
    if (current) {
      const connection = await current.catch(() => undefined);
      if (connection && !connection.link.isLost) return connection;
      // Somebody else may have begun to connect meanwhile.
      if (this.#connection !== current) return this.#connected();
    }
    this.#connection = this.#connect();
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    const starts = new Map<string, OpenCall>();
    const { token } = this.identity;
    const link = await AgentLink.open(this.run.anyUrl(), token, this.#sessionId, (frame) => this.#hear(frame, starts));
    if (this.#sessionId !== null) this.run.figures.reconnections += 1;
    this.#sessionId = link.sessionId;
    return { link, starts };
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

  #surprise(story: Story, what: string, { code, message, detail }: Frame): void {
    this.run.surprise(`${what} of ${story.name} was answered with ${code} (${message ?? detail})`);
  }
}
