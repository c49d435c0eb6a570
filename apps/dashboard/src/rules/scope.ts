import type { RuleScope } from '../api/types.js';

/** A scope as a form control's value: `global`, `group:<id>`, `target:<id>`. */
export function writeScope(scope: RuleScope): string {
  return scope.type === 'global' ? 'global' : `${scope.type}:${scope.id}`;
}

export function readScope(text: string): RuleScope {
  const at = text.indexOf(':');
  const type = text.slice(0, at);
  return type === 'group' || type === 'target' ? { type, id: text.slice(at + 1) } : { type: 'global' };
}

/** A scope in words, with names where they are known. */
export function scopeWords(scope: RuleScope, names: ReadonlyMap<string, string>): string {
  switch (scope.type) {
    case 'global':
      return 'Everywhere';
    case 'group':
      return `Group ${names.get(scope.id) ?? scope.id}`;
    case 'target':
      return names.get(scope.id) ?? scope.id;
  }
}
