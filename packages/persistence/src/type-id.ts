import { randomFillSync } from 'node:crypto';

/**
 * TypeIDs (spec 0.3.0): `<prefix>_<26 characters of Crockford base32>` over a UUIDv7 (RFC 9562), so that ids sort by
 * the time they were made. Ids are names, not secrets: tokens come from packages/crypto.
 */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const PREFIX = /^[a-z]([a-z_]{0,61}[a-z])?$/;
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const SUFFIX_LENGTH = 26;

/** Fills the array with random bytes. */
export type RandomSource = (bytes: Uint8Array) => void;

/** Makes ids from a clock and a source of randomness. Ids of one source grow strictly, also within a millisecond. */
export function createIdSource(now: () => number, random: RandomSource): (prefix: string) => string {
  const bytes = new Uint8Array(16);
  let lastMs = -1;

  return (prefix) => {
    if (!PREFIX.test(prefix))
      throw new Error(`'${prefix}' is not a TypeID prefix: lower case letters and inner _ only`);
    const ms = now();
    if (ms > lastMs || !countUp(bytes)) {
      // A clock that stands still or goes back, and a counter that is used up: borrow from the future.
      lastMs = Math.max(ms, lastMs + 1);
      startMillisecond(bytes, lastMs, random);
    } else {
      random(bytes.subarray(9));
    }
    return `${prefix}_${encode(bytes)}`;
  };
}

/** Milliseconds, 48 bits, big endian. */
function writeTime(bytes: Uint8Array, ms: number): void {
  let rest = ms;
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function startMillisecond(bytes: Uint8Array, ms: number, random: RandomSource): void {
  writeTime(bytes, ms);
  random(bytes.subarray(6));
  // The counter starts in its lower half: there is room to count up.
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x07);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
}

/** Adds one to the 18 bits between the version and variant marks; false when they are used up. */
function countUp(bytes: Uint8Array): boolean {
  const counter = (((bytes[6] ?? 0) & 0x0f) << 14) | ((bytes[7] ?? 0) << 6) | ((bytes[8] ?? 0) & 0x3f);
  const next = counter + 1;
  if (next >= 1 << 18) return false;
  bytes[6] = 0x70 | (next >> 14);
  bytes[7] = (next >> 6) & 0xff;
  bytes[8] = 0x80 | (next & 0x3f);
  return true;
}

/** 128 bits as 26 digits of 5 bits; the first digit holds only 3. */
function encode(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 2;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
  }
  return text;
}

/** Asking the system costs more than all the rest of an id, so it is asked for many at a time. */
function pooledRandomness(size = 4_096): RandomSource {
  const pool = new Uint8Array(size);
  let used = size;
  return (bytes) => {
    if (used + bytes.length > size) {
      randomFillSync(pool);
      used = 0;
    }
    bytes.set(pool.subarray(used, used + bytes.length));
    used += bytes.length;
  };
}

/** A new id with the machine's clock and randomness: `newId('cmd')` → `cmd_01h455vb4pex5vsknk084sn02q`. */
export const newId: (prefix: string) => string = createIdSource(Date.now, pooledRandomness());

/** Whether `text` is a TypeID with exactly this prefix. Never throws, whatever it is given. */
export function isId(prefix: string, text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.length === prefix.length + 1 + SUFFIX_LENGTH &&
    text.startsWith(`${prefix}_`) &&
    SUFFIX.test(text.slice(prefix.length + 1))
  );
}
