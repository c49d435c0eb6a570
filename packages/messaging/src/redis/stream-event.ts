import type { StoredEvent } from '../event-row.js';

/** An entry of a stream as Redis tells it: its id, and names and values in turn. */
export type StreamEntry = [id: string, fields: string[]];

/** An event as a stream holds it. */
export interface StreamedEvent extends StoredEvent {
  /** The entry's id, `<milliseconds>-<sequence>` by the server's clock. */
  readonly position: string;
  /** The only group that it is for, when it is a dead letter that was replayed. */
  readonly onlyFor: string | undefined;
}

/** How many values of an event a script takes, in the order of `eventValues`. */
export const EVENT_VALUES = 6;

/** What is sent to scripts; `EVENT_NAMES` in them says how it is stored. */
export const eventValues = ({ eventId, type, org, key, at, payload }: StoredEvent): string[] => [
  eventId,
  type,
  org,
  key,
  at,
  payload,
];

/** By name, so that entries of a later version with further fields still read. */
export function namedValues(fields: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (let index = 0; index + 1 < fields.length; index += 2)
    named[fields[index] as string] = fields[index + 1] as string;
  return named;
}

export function streamedEvent([position, fields]: StreamEntry): StreamedEvent {
  const { id = '', type = '', org = '', key = '', at = '', payload = 'null', only_for: onlyFor } = namedValues(fields);
  return { position, eventId: id, type, org, key, at, payload, onlyFor };
}

/** Whether one entry's id comes after another's. */
export function isAfter(one: string, other: string): boolean {
  const [ms, sequence] = parts(one);
  const [otherMs, otherSequence] = parts(other);
  return ms > otherMs || (ms === otherMs && sequence > otherSequence);
}

/** The server's time when the entry was added. */
export const timeOf = (id: string): number => parts(id)[0];

function parts(id: string): [ms: number, sequence: number] {
  const [ms = '0', sequence = '0'] = id.split('-');
  return [Number(ms), Number(sequence)];
}
