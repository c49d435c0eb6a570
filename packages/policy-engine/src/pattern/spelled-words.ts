import { GAP, type RegexSegment, regexShape } from './regex-segments.js';

/** Which words a regular expression spells out, and so may stand although no wildcard covers them. */
export interface SpelledWords {
  /** Whole words at the start, by position. */
  head: readonly string[];
  /** Whole words anywhere, with how often the expression spells them. */
  anywhere: ReadonlyMap<string, number>;
  /** Starts of words that end in `=`, such as `--since=`. */
  keys: readonly string[];
}

const NOTHING_SPELLED: SpelledWords = { head: [], anywhere: new Map(), keys: [] };

/** Which words of a command a regular expression spells letter by letter. */
export function spelledWords(source: string): SpelledWords {
  const shape = regexShape(source);
  if (shape === null) return NOTHING_SPELLED;
  const { segments } = shape;
  const anywhere = new Map<string, number>();
  const keys: string[] = [];
  segments.forEach((segment, at) => {
    if (segment === GAP) return;
    const words = segment.split(' ');
    const endsOpen = at + 1 < segments.length;
    const last = endsOpen ? words.pop() : undefined;
    const hasStart = at === 0 || words.length > 0;
    if (at > 0) words.shift();
    for (const word of words) anywhere.set(word, (anywhere.get(word) ?? 0) + 1);
    if (last?.includes('=') && hasStart) keys.push(last.slice(0, last.indexOf('=') + 1));
  });
  return { head: headWords(segments), anywhere, keys };
}

function headWords(segments: readonly RegexSegment[]): string[] {
  const [first] = segments;
  if (first === undefined || first === GAP) return [];
  const words = first.split(' ');
  if (segments.length > 1) words.pop();
  const quoted = words.findIndex((word) => word.includes("'"));
  return quoted < 0 ? words : words.slice(0, quoted);
}
