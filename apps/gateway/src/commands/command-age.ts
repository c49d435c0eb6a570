import { ID_PREFIXES } from '@expacti/contracts';
import { isId } from '@expacti/persistence';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The 48 bits of milliseconds at the head of a UUIDv7, in base32 and with the two bits that pad it. */
const DIGITS_OF_TIME = 10;

/**
 * When a command id says that it was made, in milliseconds since the epoch; null of what is no command id. Whoever asks
 * may have made the id up: a reason to look twice, never one to believe anything.
 */
export function momentOfCommandId(id: string): number | null {
  if (!isId(ID_PREFIXES.command, id)) return null;
  const digits = id.slice(ID_PREFIXES.command.length + 1).slice(0, DIGITS_OF_TIME);
  return [...digits].reduce((moment, digit) => moment * 32 + ALPHABET.indexOf(digit), 0);
}
