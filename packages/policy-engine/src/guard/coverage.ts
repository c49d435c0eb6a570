/** May a wildcard of an allow rule cover this word? */
export const Coverage = {
  /** Never: a program, code, or a word whose meaning is not known. */
  never: 0,
  yes: 1,
  /** An option that is not known to be harmless: only where the rule spells its name (`--since=*`). */
  spelledOption: 2,
  /** `key=value`, `+word`, `@word`: only where the rule spells the key or the sign. */
  spelledKey: 3,
} as const;
export type Coverage = (typeof Coverage)[keyof typeof Coverage];
