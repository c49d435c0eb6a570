import { Agent, type Frame } from '../support/agent.js';
import { comesTrue } from './withstand.js';

/** Submissions that wait for their answers at once. */
const DEPTH = 20;

/** One agent that asks one gateway for one line as fast as it is answered, on a socket of its own. */
export class Pressing {
  readonly #answers: { at: number; frame: Frame }[] = [];
  #submitted = 0;
  #goesOn = true;

  private constructor(
    private readonly agent: Agent,
    private readonly command: string,
  ) {
    agent.socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      if (!('ref' in frame)) return;
      this.#answers.push({ at: performance.now(), frame });
      if (this.#goesOn) this.#submit();
    });
    this.submitMore();
  }

  static async start(url: string, token: string, command: string): Promise<Pressing> {
    return new Pressing(await Agent.connect(url, token), command);
  }

  /** Whether or not anything was answered. */
  submitMore(): void {
    for (let one = 0; one < DEPTH; one += 1) this.#submit();
  }

  /** Resolves when so many more were answered. */
  async more(count: number): Promise<void> {
    const enough = this.#answers.length + count;
    await comesTrue(() => this.#answers.length >= enough, `${count} more answers`);
  }

  /**
   * Submits nothing more and waits for the answers that are missing.
   * @returns what was answered after that moment, by `performance.now()`
   */
  async end(since: number): Promise<Frame[]> {
    this.#goesOn = false;
    await comesTrue(() => this.#answers.length >= this.#submitted, 'an answer to everything');
    this.agent.close();
    return this.#answers.filter(({ at }) => at > since).map(({ frame }) => frame);
  }

  #submit(): void {
    this.#submitted += 1;
    this.agent.submit(this.command);
  }
}
