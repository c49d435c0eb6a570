import type { Frame } from '../support/agent.js';
import { AgentLink } from './agent-link.js';
import type { OpenCall } from './history.js';
import type { LoadRun } from './load-run.js';

/** A socket, and the receipts that the gateway behind it may take by itself for what was submitted there. */
export interface Connection {
  readonly link: AgentLink;
  readonly starts: Map<string, OpenCall>;
}

/** One agent's way to the servers: one socket at a time, at any of them, always in the same session. */
export class AgentConnections {
  #current: Promise<Connection> | undefined;
  #sessionId: string | null = null;

  constructor(
    private readonly token: string,
    private readonly run: LoadRun,
    private readonly onFrame: (frame: Frame, starts: Connection['starts']) => void,
  ) {}

  /** The one in use, or a new one; everybody who waits for it shares the one attempt. Throws LinkLost. */
  async current(): Promise<Connection> {
    const current = this.#current;
    const connection = await current?.catch(() => undefined);
    if (connection && !connection.link.isLost) return connection;
    // Whoever else noticed may have begun to connect meanwhile.
    if (this.#current !== current) return this.current();
    this.#current = this.#connect();
    return this.#current;
  }

  async close(): Promise<void> {
    const connection = await this.#current?.catch(() => undefined);
    connection?.link.close();
  }

  async #connect(): Promise<Connection> {
    const starts = new Map<string, OpenCall>();
    const url = this.run.anyUrl();
    const link = await AgentLink.open(url, this.token, this.#sessionId, (frame) => this.onFrame(frame, starts));
    if (this.#sessionId !== null) this.run.figures.reconnections += 1;
    this.#sessionId = link.sessionId;
    return { link, starts };
  }
}
