import type { Remember } from '@expacti/sdk';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';

const wrong = (message: string): CliFailure => new CliFailure(message, EXIT.usage, 'USAGE');

/** @throws CliFailure that lists what may be said. */
export function requireOneOf<const T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw wrong(`${flag} must be one of ${allowed.join(', ')}.`);
  return found;
}

/** `90`, `10m`, `12h`, `30d` in seconds. */
export function readSeconds(flag: string, value: string): number {
  const [, number, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(value) ?? [];
  const factor = { s: 1, m: 60, h: 3_600, d: 86_400 }[unit];
  if (number === undefined || factor === undefined) throw wrong(`${flag} must be a time such as 90s, 10m, 12h or 30d.`);
  return Number(number) * factor;
}

/** `global` (default), `target:tgt_…`, `group:grp_…`. */
export function readScope(value = 'global'): Remember['scope'] {
  if (value === 'global') return { type: 'global' };
  const [type, id] = value.split(':');
  if ((type !== 'target' && type !== 'group') || !id) throw wrong('--scope must be global, target:ID or group:ID.');
  return { type, id };
}

/** `a,b` as a list; undefined stays undefined. */
export const readList = (value: string | undefined): string[] | undefined =>
  value
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
