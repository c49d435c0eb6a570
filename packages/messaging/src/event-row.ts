import type { BusEvent } from './bus.js';

/** An event as tables keep it. */
export interface StoredEvent {
  readonly eventId: string;
  readonly type: string;
  readonly org: string;
  readonly key: string;
  readonly at: string;
  /** JSON text. */
  readonly payload: string;
}

export const storedEvent = ({ id, type, org, key, at, payload }: BusEvent): StoredEvent => ({
  eventId: id,
  type,
  org,
  key,
  at,
  payload: JSON.stringify(payload ?? null),
});

/** A fresh copy for each delivery: a handler that changes it changes nobody else's. */
export const busEvent = ({ eventId, type, org, key, at, payload }: StoredEvent): BusEvent => ({
  id: eventId,
  type,
  org,
  key,
  at,
  payload: JSON.parse(payload) as unknown,
});
