import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { WebSocket } from 'ws';
import { AgentSocketServer } from '../src/agent-socket/agent-socket-server.js';
import { Greeter } from '../src/agent-socket/greeter.js';
import { CommandRig } from './command-rig.js';
import { silent } from './fixtures.js';

export type Received = Record<string, unknown> & { type: string };

/** An agent's end of a real socket, with every frame that came. */
export class Peer {
  readonly frames: Received[] = [];
  closeCode: number | undefined;
  readonly #socket: WebSocket;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#socket = new WebSocket(url, { headers });
    this.#socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Received));
    this.#socket.on('close', (code) => {
      this.closeCode = code;
    });
    this.#socket.on('error', () => undefined);
  }

  opened(): Promise<unknown> {
    return eventually(() => this.#socket.readyState === WebSocket.OPEN, 'an open socket');
  }

  send(frame: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** The types of what came for a ref, in order. */
  typesFor(ref: string): string[] {
    return this.frames.filter((frame) => frame.ref === ref).map(({ type }) => type);
  }

  next(fits: (frame: Received) => boolean): Promise<Received> {
    return eventually(
      () => this.frames.find(fits),
      `a frame, after ${JSON.stringify(this.frames.at(-1))}`,
    ) as Promise<Received>;
  }

  /** Everything that was sent before has been handled when the answer to this is here. */
  async roundTrip(): Promise<void> {
    const at = newId('evt');
    this.send({ type: 'ping', at });
    await this.next((frame) => frame.type === 'pong' && frame.at === at);
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** The agent socket over a real port. */
export class SocketRig {
  readonly #peers: Peer[] = [];

  private constructor(
    readonly rig: CommandRig,
    readonly sockets: AgentSocketServer,
    private readonly server: Server,
  ) {}

  static async start(...options: Parameters<typeof CommandRig.start>): Promise<SocketRig> {
    const rig = await CommandRig.start(...options);
    const { client } = rig.authorities;
    rig.authorities.answer('sessions.start', ({ principal, name, target, labels, client: program }) => ({
      ...{ id: newId('ses'), name, target, labels, client: program, ended_at: null },
      agent: { id: principal.id, name: principal.name },
      started_at: timestamp(rig.clock.now()),
    }));
    const greeter = new Greeter(client, rig.credentials, rig.snapshots, rig.settings, rig.keys, rig.options, rig.drain);
    const sockets = new AgentSocketServer(
      greeter,
      rig.commands,
      rig.waiters,
      rig.limits,
      rig.clock,
      silent,
      rig.options,
      rig.drain,
    );
    const server = createServer();
    sockets.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SocketRig(rig, sockets, server);
  }

  async open(headers: Record<string, string> = {}): Promise<Peer> {
    const { port } = this.server.address() as AddressInfo;
    const peer = new Peer(`ws://127.0.0.1:${port}/ws/agent`, headers);
    this.#peers.push(peer);
    await peer.opened();
    return peer;
  }

  /** Opens a socket and says hello. */
  async connect(token: string): Promise<Peer> {
    const peer = await this.open();
    peer.send({ type: 'hello', protocol: 1, token, client: { name: 'test', version: '1' } });
    await peer.next(({ type }) => type === 'welcome' || type === 'error');
    return peer;
  }

  async stop(): Promise<void> {
    for (const peer of this.#peers) peer.close();
    this.sockets.close();
    await new Promise((resolve) => this.server.close(resolve));
    await this.rig.stop();
  }
}
