import { EVENTS, type EventPayload, type EventType } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { EventPattern } from '@nestjs/microservices';

/** An event as a service sees it: the envelope, and the payload checked by its contract. */
export type Fact<T extends EventType = EventType> = {
  [K in T]: Omit<BusEvent, 'payload' | 'type'> & { type: K; payload: EventPayload<K> };
}[T];

export function parseFact<T extends EventType>(event: BusEvent): Fact<T> {
  const schema = EVENTS[event.type as T];
  if (!schema) throw new TypeError(`no contract for event type ${event.type}`);
  return { ...event, payload: schema.parse(event.payload) } as Fact<T>;
}

/**
 * Marks a method as the consumer of an event type for one consumer group (the service's name). The delivery is
 * acknowledged when the method's promise resolves; when it throws, the event comes again, and finally goes to the dead
 * letters. Consumers are idempotent: use the inbox (`processOnce`) with the event's id. `lingerMs` gathers deliveries of a
 * group that nobody waits for (see `SubscribeOptions`).
 */
export function Consumes<T extends EventType>(group: string, type: T, options: { lingerMs?: number } = {}) {
  return (
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<(fact: Fact<T>) => Promise<void>>,
  ): void => {
    const handler = descriptor.value;
    if (!handler) throw new TypeError('Consumes decorates methods');
    const parsed = async function (this: unknown, event: unknown) {
      await handler.call(this, parseFact<T>(event as BusEvent));
    };
    descriptor.value = parsed as unknown as typeof handler;
    EventPattern(type, { group, ...options })(target, key, descriptor);
  };
}
