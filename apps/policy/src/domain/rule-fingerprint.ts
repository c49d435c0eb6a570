import { createHash } from 'node:crypto';
import type { RuleDraft } from './rule-draft.js';

/**
 * SHA-256 (hex) of everything that a rule decides by: two rules with the same fingerprint are the same rule word for
 * word. Its note, examples and end do not count. A rule in shadow is not the same as one in force.
 */
export function ruleFingerprint(draft: RuleDraft): string {
  const { effect, kind, pattern_type, pattern, scope, agent_id, session_id, shell, cwd, pipeline, direction } = draft;
  const scopeId = scope.type === 'global' ? null : scope.id;
  const matchers = draft.matchers.map(({ pointer, equals, glob }) => [
    pointer,
    equals === undefined ? [] : [ordered(equals)],
    glob ?? null,
  ]);
  const said = [effect, kind, pattern_type, pattern, scope.type, scopeId, agent_id, session_id, shell, cwd];
  return createHash('sha256')
    .update(JSON.stringify([...said, pipeline, matchers, direction, draft.shadow]))
    .digest('hex');
}

/** JSON objects are the same whatever the order of their keys. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  // Pairs and not an object: a key such as "__proto__" or "1" must keep its place.
  return { pairs: keys.map((key) => [key, ordered((value as Record<string, unknown>)[key])]) };
}
