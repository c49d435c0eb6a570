import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus, BusEvent, Delivery, Subscription } from '../bus.js';
import { matchesType } from '../event-types.js';
import type { Rpc } from '../rpc.js';

export interface ServiceTransportOptions {
  readonly bus: Bus;
  readonly rpc: Rpc;
}

/** What the second argument of `@EventPattern` may say. */
export interface EventPatternExtras {
  /** The consumer group, normally the service's name. Required. */
  readonly group: string;
  /** See `SubscribeOptions.lingerMs`; the longest of a group's handlers counts. */
  readonly lingerMs?: number;
}

interface Consumer {
  readonly type: string;
  readonly group: string;
  readonly lingerMs: number;
  readonly handle: MessageHandler<BusEvent, Delivery, unknown>;
}

/**
 * Serves `@MessagePattern` from the RPC port and `@EventPattern` from the bus, for all the modules of one application.
 * Each event handler names its consumer group, so that several services in one process each get each event; the
 * handlers of one group share one subscription and its order.
 *
 * A handler that throws is a failed delivery: the event comes again. (Nest's own transports acknowledge it.) When two
 * handlers of one group take the same event, it is acknowledged when both have succeeded, and both see it again if not.
 *
 * Connect it by `connectTransport`: Nest's default exception filter would swallow what handlers throw.
 */
export class ServiceTransport extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  override readonly transportId = Symbol('expacti.service-transport');
  readonly #options: ServiceTransportOptions;
  readonly #consumers: Consumer[] = [];
  readonly #subscriptions: Subscription[] = [];
  readonly #responders: (() => void)[] = [];

  constructor(options: ServiceTransportOptions) {
    super();
    this.#options = options;
  }

  override addHandler(
    pattern: unknown,
    handle: MessageHandler,
    isEventHandler = false,
    extras: Partial<EventPatternExtras> = {},
  ): void {
    if (typeof pattern !== 'string') throw new Error(`Patterns are text here, not ${JSON.stringify(pattern)}`);
    if (!isEventHandler) {
      if (this.messageHandlers.has(pattern)) throw new Error(`Two handlers answer '${pattern}'`);
      super.addHandler(pattern, handle, false, extras);
      return;
    }
    if (typeof extras.group !== 'string' || extras.group === '') {
      throw new Error(
        `@EventPattern('${pattern}') needs its consumer group: @EventPattern('${pattern}', { group: 'audit' })`,
      );
    }
    this.#consumers.push({ type: pattern, group: extras.group, lingerMs: extras.lingerMs ?? 0, handle });
  }

  /** Answers first, then subscribes: a consumer may ask another service at once. */
  listen(callback: (error?: unknown) => void): void {
    this.#listen().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.close()));
    for (const stop of this.#responders.splice(0)) stop();
  }

  on(): void {
    throw new Error('This transport has no events of its own');
  }

  unwrap<T>(): T {
    return this.#options as T;
  }

  async #listen(): Promise<void> {
    for (const [pattern, handle] of this.messageHandlers) {
      this.#responders.push(this.#options.rpc.respond(pattern, async (payload) => settle(await handle(payload))));
    }
    const groups = Map.groupBy(this.#consumers, (consumer) => consumer.group);
    for (const [group, consumers] of groups) {
      this.#subscriptions.push(
        await this.#options.bus.subscribe({
          group,
          types: [...new Set(consumers.map(({ type }) => type))],
          lingerMs: Math.max(...consumers.map(({ lingerMs }) => lingerMs)),
          handler: (event, delivery) => deliver(consumers, event, delivery),
        }),
      );
    }
  }
}

async function deliver(consumers: readonly Consumer[], event: BusEvent, delivery: Delivery): Promise<void> {
  for (const { type, handle } of consumers) {
    if (matchesType([type], event.type)) await settle(await handle(event, delivery));
  }
}

/** Nest answers with a value or with a stream, and fails by either. */
async function settle(result: unknown): Promise<unknown> {
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}
