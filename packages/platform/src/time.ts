export { type Clock, systemClock } from '@expacti/persistence';

/** RFC 3339 in UTC with milliseconds, as everywhere on the wire. */
export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();
