import { eventually } from '@expacti/testkit';
import { io, type Socket } from 'socket.io-client';
import type { Frame } from './agent.js';

/** A reviewer's client on the live stream, with every event that came. */
export class ReviewerStream {
  readonly events: { name: string; payload: Frame }[] = [];
  readonly #socket: Socket;

  private constructor(url: string, token: string) {
    this.#socket = io(`${url}/reviewer`, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.#socket.onAny((name: string, payload: Frame) => this.events.push({ name, payload }));
  }

  /** Resolves when the server has said `ready`. */
  static async open(url: string, token: string): Promise<ReviewerStream> {
    const stream = new ReviewerStream(url, token);
    await stream.next('ready');
    return stream;
  }

  /** The payload of the first event of that name that fits. */
  async next(name: string, fits: (payload: Frame) => boolean = () => true): Promise<Frame> {
    const found = await eventually(
      () => this.events.find((event) => event.name === name && fits(event.payload)),
      `${name}, after ${this.events.map((event) => event.name).join(', ')}`,
    );
    return (found as { payload: Frame }).payload;
  }

  /** The cursor of the last event that had one. */
  get cursor(): string {
    return this.events.findLast(({ payload }) => payload?.cursor)?.payload.cursor;
  }

  /** Asks, and resolves with the acknowledgement. */
  ask(name: string, request: unknown): Promise<Frame> {
    return this.#socket.timeout(10_000).emitWithAck(name, request);
  }

  /** Says something without waiting for an answer. */
  say(name: string, ...values: unknown[]): void {
    this.#socket.emit(name, ...values);
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  close(): void {
    this.#socket.disconnect();
  }
}
