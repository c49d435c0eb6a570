/** Whether a type is one of the patterns: exact, `family.*`, or `*`. */
export function matchesType(patterns: readonly string[], type: string): boolean {
  return patterns.some((pattern) => {
    if (!pattern.endsWith('*')) return pattern === type;
    return type.startsWith(pattern.slice(0, -1));
  });
}

/** Refuses patterns that would silently match nothing or too much. */
export function checkTypePatterns(patterns: readonly string[]): void {
  if (patterns.length === 0) throw new Error('A subscription needs at least one event type');
  for (const pattern of patterns) {
    if (!/^(\*|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(\.\*)?)$/.test(pattern)) {
      throw new Error(`'${pattern}' is not an event type, a family such as 'approval.*', or '*'`);
    }
  }
}
