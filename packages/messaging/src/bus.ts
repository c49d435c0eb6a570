/** What happened, on its way from the service that owns it to those who care. */
export interface BusEvent {
  /** TypeID; the same event keeps its id however often it is delivered. */
  readonly id: string;
  /** `approval.closed` */
  readonly type: string;
  /** The tenant that it belongs to. */
  readonly org: string;
  /** Events of one key are delivered in the order in which they were published. */
  readonly key: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** What JSON can hold; checked by the contracts at both ends. */
  readonly payload: unknown;
}

/** How one delivery differs from another of the same event. */
export interface Delivery {
  /** 1 for the first; more for a redelivery that followed a failure which was recorded. */
  readonly attempt: number;
}

export type EventHandler = (event: BusEvent, delivery: Delivery) => Promise<void>;

export interface SubscribeOptions {
  /** The consumer group: normally the service's name. Each group gets each event. */
  readonly group: string;
  /** Exact types, or `approval.*` for every type that begins with `approval.`; `*` for all. */
  readonly types: readonly string[];
  readonly handler: EventHandler;
  /** Where a group begins that has never subscribed before. Default `start`: nothing that is still held is missed. */
  readonly from?: 'start' | 'now';
  /**
   * How long to gather events after one arrives before they are handled, in milliseconds. Default 0. A consumer that
   * nobody waits for (audit, analytics) sets it, so that its commits are shared and hot paths are left alone.
   */
  readonly lingerMs?: number;
}

export interface EphemeralOptions {
  readonly types: readonly string[];
  /** What it throws is reported and otherwise ignored. */
  readonly handler: (event: BusEvent) => void | Promise<void>;
}

export interface Subscription {
  /** Takes no further events, waits for the handlers that run, and records what was acknowledged. */
  close(): Promise<void>;
}

/** An event that a group failed to handle as often as it may. It stays until somebody replays it. */
export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly event: BusEvent;
  readonly attempts: number;
  readonly error: string;
  /** RFC 3339 */
  readonly at: string;
}

/**
 * The bus between services.
 *
 * - **Durable.** `publish` resolves when the events survive the loss of power. An event published twice under one id is
 *   kept once while the first is still held.
 * - **At least once.** A delivery is acknowledged when the handler's promise resolves. What was not acknowledged comes
 *   again after a failure or a restart, so handlers are idempotent (`processOnce`).
 * - **Ordered per key.** A group sees the events of one key one after the other; a failing one holds back those behind
 *   it until it succeeds or is given up. Different keys run side by side.
 * - **Bounded.** After `maxAttempts` failures, with growing pauses, an event goes to the group's dead letters.
 * - **Nothing is trimmed** that some group has not acknowledged.
 * - Handlers get their own copy, made of JSON: no live object crosses.
 */
export interface Bus {
  publish(events: readonly BusEvent[]): Promise<void>;

  /** One subscription per group in a process. Resolves when every later event is certain to reach the group. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;

  /**
   * Every process gets every event that is published from now on; nothing is acknowledged or repeated. For pushing to
   * sockets: whoever needs certainty reads the state again after a reconnect.
   */
  subscribeEphemeral(options: EphemeralOptions): Promise<Subscription>;

  /** Newest first, at most 200. */
  deadLetters(group?: string): Promise<DeadLetter[]>;

  /** Hands a dead letter to its group once more, with a fresh count of attempts. False when there is none of that id. */
  replay(id: string): Promise<boolean>;

  /** Closes every subscription. */
  close(): Promise<void>;
}
