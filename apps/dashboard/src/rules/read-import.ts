import type { NewRule } from '../api/types.js';

export type ReadImport = { ok: true; rules: NewRule[] } | { ok: false; problem: string };

/** Reads an exported file, or a bare list of rules. The server judges each rule; here only the shape is looked at. */
export function readImport(text: string): ReadImport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const rules = Array.isArray(value)
    ? value
    : typeof value === 'object' && value !== null
      ? (value as { rules?: unknown }).rules
      : undefined;
  if (!Array.isArray(rules)) return { ok: false, problem: 'It needs a list named "rules".' };
  if (rules.length === 0) return { ok: false, problem: 'The list is empty.' };
  return { ok: true, rules: rules as NewRule[] };
}
