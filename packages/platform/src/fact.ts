import { EVENTS, type EventPayload, type EventType, HINTS, type HintPayload, type HintType } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { newId } from '@expacti/persistence';
import { timestamp } from './time.js';

/**
 * Builds an event to publish or to put in the outbox, checked by its contract.
 * @param key events of the same key stay in order (usually the id of what they are about)
 * @param now milliseconds since the epoch
 */
export function fact<T extends EventType>(
  type: T,
  org: string,
  key: string,
  now: number,
  payload: EventPayload<T>,
): BusEvent {
  return { id: newId('evt'), type, org, key, at: timestamp(now), payload: EVENTS[type].parse(payload) };
}

/**
 * As `fact`, for the one hot path: that the payload is what the contract wants is proven by its maker's tests, not checked
 * each time. Whoever consumes it checks as ever.
 */
export function provenFact<T extends EventType>(
  type: T,
  org: string,
  key: string,
  now: number,
  payload: EventPayload<T>,
): BusEvent {
  return { id: newId('evt'), type, org, key, at: timestamp(now), payload };
}

/** Builds a hint for every gateway (see `HINTS`); it goes through the same outbox as facts, keyed by org. */
export function hint<T extends HintType>(type: T, org: string, now: number, payload: HintPayload<T>): BusEvent {
  return { id: newId('evt'), type, org, key: org, at: timestamp(now), payload: HINTS[type].parse(payload) };
}
