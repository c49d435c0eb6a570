import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Packets of Engine.IO 4 (first digit) and Socket.IO 5 (second digit), as far as a reviewer's page hears them. */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const REFUSED = '44';
const EVENT = '42';
const NAMESPACE = '/reviewer';

/** One event of the reviewer stream. */
export interface ReviewerEvent {
  readonly name: string;
  readonly payload: { readonly approval?: { readonly id: string; readonly command_id: string } };
}

type Listener = (event: ReviewerEvent) => void;

/** A reviewer's page on the bare WebSocket, as light as can be: its own work is part of each figure. */
export class ReviewerSocket {
  #listener: Listener = () => undefined;

  private constructor(private readonly socket: WebSocket) {}

  /** Opens a socket and enters the reviewers' room. */
  static async connect(url: string, token: string): Promise<ReviewerSocket> {
    const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(address, { perMessageDeflate: false });
    const reviewer = new ReviewerSocket(socket);
    const ready = new Promise<void>((resolve, reject) => {
      reviewer.#listener = ({ name }) => name === 'ready' && resolve();
      socket.on('close', (code, reason) => reject(new Error(`the reviewer's socket was closed: ${code} ${reason}`)));
    });
    socket.on('message', (data) => reviewer.#hear(String(data), token));
    await once(socket, 'open');
    await ready;
    return reviewer;
  }

  /** Calls back for each event from now on; a later listener replaces an earlier one. */
  listen(listener: Listener): void {
    this.#listener = listener;
  }

  /** The next event of this name that fits. */
  next(name: string, fits: (event: ReviewerEvent) => boolean): Promise<ReviewerEvent> {
    return new Promise((resolve) => {
      this.#listener = (event) => event.name === name && fits(event) && resolve(event);
    });
  }

  close(): void {
    this.socket.close();
  }

  #hear(packet: string, token: string): void {
    if (packet.startsWith(OPEN)) this.socket.send(`${CONNECT}${NAMESPACE},${JSON.stringify({ token })}`);
    else if (packet === PING) this.socket.send(PONG);
    else if (packet.startsWith(REFUSED)) this.socket.close(1000, packet);
    else if (packet.startsWith(EVENT)) {
      const [name, payload] = JSON.parse(packet.slice(packet.indexOf(',') + 1)) as [string, ReviewerEvent['payload']];
      this.#listener({ name, payload });
    }
  }
}
