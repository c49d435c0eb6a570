import { ExpactiError } from './errors.js';

/**
 * Refuses a request that holds the character U+0000 anywhere: no program can be given it, PostgreSQL cannot keep it, and
 * what ends a text in one place and not in another hides what comes after it.
 * @returns the value
 */
export function withoutNul<T>(value: T): T {
  const found = search(value);
  if (found === null) return value;
  const path = found.join('.').replaceAll('\0', '␀').slice(0, 200);
  throw new ExpactiError('INVALID', `${path || 'body'}: must not contain the character U+0000`, {
    fields: [{ path, message: 'must not contain the character U+0000' }],
  });
}

/** As everywhere, a value that exhausts the stack is refused instead of throwing. */
function search(value: unknown): readonly string[] | null {
  try {
    return pathOfNul(value, []);
  } catch (error) {
    if (error instanceof RangeError) throw new ExpactiError('INVALID', 'The value is nested too deeply.');
    throw error;
  }
}

function pathOfNul(value: unknown, path: readonly string[]): readonly string[] | null {
  if (typeof value === 'string') return value.includes('\0') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    const found = key.includes('\0') ? here : pathOfNul(inner, here);
    if (found !== null) return found;
  }
  return null;
}
