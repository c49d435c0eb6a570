import { io, type Socket } from 'socket.io-client';
import { createStore } from '../ui/store.js';
import { type Connection, type ConnectionEvent, nextConnection } from './connection.js';
import { credentials } from './credentials.js';
import { renew } from './request.js';
import type { Approval } from './types.js';

/** What the reviewer stream says. It never is the state: REST holds that. */
export interface LiveListener {
  approvals(changed: Approval[]): void;
  /** A list changed: `rules`, `sessions`, … */
  area(name: string): void;
  /** The stream is (back) up; resolves when everything that may have been missed has been read again. */
  catchUp(): Promise<void>;
}

export const connection = createStore<Connection>({ state: 'connecting' });

/** Bursts are handed on together: one drawing for a hundred arrivals. */
const GATHER_MS = 40;

function step(event: ConnectionEvent): void {
  connection.set((current) => nextConnection(current, event, Date.now()));
}

/** Opens the stream for the signed-in person; call the answer to close it. */
export function openStream(listener: LiveListener): () => void {
  const socket: Socket = io('/reviewer', {
    path: '/socket.io',
    // A WebSocket stays with one server, whichever that is. Polling is for networks that let none through; with several
    // gateways it needs a proxy that keeps a browser with the gateway it began at (each knows its own sessions only).
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    auth: (give) => {
      const current = credentials.get();
      give({ token: current.kind === 'none' ? '' : current.accessToken });
    },
    reconnectionDelay: 300,
    reconnectionDelayMax: 5_000,
  });
  const stopGathering = gatherApprovals(socket, listener);
  socket.on('session.started', () => listener.area('sessions'));
  socket.on('session.ended', () => listener.area('sessions'));
  socket.on('changed', (event: { area?: unknown }) => {
    if (typeof event?.area === 'string') listener.area(event.area);
  });
  socket.on('connect', () => void catchUp(socket, listener));
  socket.on('disconnect', (reason) => {
    step('disconnected');
    // The server closed it (a revoked or lapsed token, for example): the client library waits to be told.
    if (reason === 'io server disconnect') void reconnect(socket);
  });
  socket.on('connect_error', () => {
    step('disconnected');
    // Not `active`: the server refused the handshake, most often because the access token lapsed.
    if (!socket.active) void reconnect(socket);
  });
  const ticking = setInterval(() => step('tick'), 1_000);
  return () => {
    clearInterval(ticking);
    stopGathering();
    socket.close();
    connection.set({ state: 'connecting' });
  };
}

async function catchUp(socket: Socket, listener: LiveListener): Promise<void> {
  step('connected');
  try {
    await listener.catchUp();
    if (socket.connected) step('caught-up');
  } catch {
    // Connected, but the list cannot be read: stay honest about it, and try again with a new connection.
    step('disconnected');
    setTimeout(() => socket.disconnect().connect(), 2_000);
  }
}

async function reconnect(socket: Socket): Promise<void> {
  try {
    if (credentials.get().kind === 'person') await renew();
  } catch {
    // Signed out, or the server is away; the next attempt finds out which.
  }
  if (credentials.get().kind !== 'none') setTimeout(() => socket.connect(), 1_000);
}

function gatherApprovals(socket: Socket, listener: LiveListener): () => void {
  let waiting: Approval[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const batch = waiting;
    waiting = [];
    listener.approvals(batch);
  };
  for (const name of ['approval.requested', 'approval.updated', 'approval.closed']) {
    socket.on(name, (event: { approval?: Approval }) => {
      if (!event?.approval?.id) return;
      waiting.push(event.approval);
      timer ??= setTimeout(flush, GATHER_MS);
    });
  }
  return () => clearTimeout(timer);
}
