/** Deepest nesting of free JSON that is accepted: far more than people read, far less than what exhausts a stack. */
export const MAX_JSON_DEPTH = 64;

/** Whether a JSON value nests at most that deep. Walks level by level, so that hostile depth costs no stack. */
export function isShallowJson(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_JSON_DEPTH; depth += 1) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return true;
  }
  return false;
}
