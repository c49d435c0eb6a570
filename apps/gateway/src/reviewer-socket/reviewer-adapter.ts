import type { ServerOptions } from 'socket.io';

/** How what is emitted to a room reaches the reviewers' sockets, on whichever gateway they are. */
export interface ReviewerAdapter {
  /** socket.io's end of it. */
  readonly adapter: NonNullable<ServerOptions['adapter']> | undefined;
  /**
   * Resolves when what was emitted last is certain to reach every gateway that lives, and rejects when it is not. Ask in
   * the same breath in which something is emitted.
   */
  flushed(): Promise<void>;
  /** Lets go of its connections. The socket.io server is closed before. */
  close(): Promise<void>;
}

/** For a composition with one gateway: it holds every socket itself. */
export const ownSocketsOnly: ReviewerAdapter = {
  adapter: undefined,
  flushed: async () => undefined,
  close: async () => undefined,
};

export const REVIEWER_ADAPTER = Symbol('expacti.reviewer-adapter');
