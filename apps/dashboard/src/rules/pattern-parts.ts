export interface PatternPart {
  start: number;
  text: string;
  kind: 'fixed' | 'wildcard';
}

/** Wildcards of a glob outside quotes and behind no backslash; the special characters of a regular expression. */
const wildcards = {
  glob: /'[^']*'|\\.|(\*\*?|\?|\[[^\]]*\])/gs,
  regex: /\\[.*+?()[\]{}|^$\\]|(\\[A-Za-z]|\[(?:\\.|[^\]])*\]|[.*+?()|^$]|\{\d+(?:,\d*)?\})/gs,
};

/** A pattern in pieces, for colouring. The texts, joined, are the pattern. */
export function patternParts(pattern: string, type: 'exact' | 'glob' | 'regex'): PatternPart[] {
  if (type === 'exact') return [{ start: 0, text: pattern, kind: 'fixed' }];
  const parts: PatternPart[] = [];
  let fixedFrom = 0;
  for (const match of pattern.matchAll(wildcards[type])) {
    if (match[1] === undefined) continue;
    if (match.index > fixedFrom)
      parts.push({ start: fixedFrom, text: pattern.slice(fixedFrom, match.index), kind: 'fixed' });
    parts.push({ start: match.index, text: match[0], kind: 'wildcard' });
    fixedFrom = match.index + match[0].length;
  }
  if (fixedFrom < pattern.length) parts.push({ start: fixedFrom, text: pattern.slice(fixedFrom), kind: 'fixed' });
  return parts;
}
