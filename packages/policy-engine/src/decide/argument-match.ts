import { parseWordPattern } from '../pattern/command-pattern.js';
import { matchesWord } from '../pattern/word-pattern.js';
import type { ArgumentMatcher } from '../rule.js';
import { allowsText } from './glob-extras.js';

/**
 * Do all matchers hold for a tool call's arguments? A glob matches text only. For allow rules a place that does not exist
 * never matches, and a wildcard does not climb out of the folder that its glob names.
 */
export function matchesArguments(
  matchers: readonly ArgumentMatcher[],
  toolArguments: Readonly<Record<string, unknown>>,
  purpose: 'allow' | 'deny',
): boolean {
  return matchers.every((matcher) => {
    const value = valueAt(toolArguments, matcher.pointer);
    if (value === undefined) return false;
    if (matcher.equals !== undefined && !equalJson(matcher.equals, value)) return false;
    if (matcher.glob === undefined) return matcher.equals !== undefined;
    return typeof value === 'string' && matchesText(matcher.glob, value, purpose);
  });
}

function matchesText(glob: string, value: string, purpose: 'allow' | 'deny'): boolean {
  const parsed = parseWordPattern(glob);
  // A glob that cannot be read marks the whole rule as broken before it comes here.
  if (!parsed.ok) return purpose === 'deny';
  return purpose === 'allow' ? allowsText(parsed.pattern, value) : matchesWord(parsed.pattern, value);
}

/** The value at an RFC 6901 pointer; undefined where there is none. Only own properties count. */
function valueAt(root: unknown, pointer: string): unknown {
  let value: unknown = root;
  if (pointer === '') return value;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key)) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Equality of JSON values; the order of an object's keys does not matter. */
function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]))
  );
}
