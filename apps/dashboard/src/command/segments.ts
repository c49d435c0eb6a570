import type { SuspiciousCharacter, Token } from '@expacti/shell';

/** One run of characters that look the same: coloured by what it is, or a chip that names a misleading character. */
export interface Segment {
  start: number;
  /** The characters of the source, unchanged. */
  text: string;
  kind: Token['kind'] | 'plain';
  chip: Chip | null;
}

/** What stands for a character that would not be seen as what it is. */
export interface Chip {
  /** Drawn in its place. */
  shown: string;
  label: string;
}

interface Range {
  start: number;
  end: number;
}

/**
 * Lays the colouring over the characters that must be made visible. The segments' texts, joined, are the source exactly:
 * colouring must never add, drop or reorder a character of what somebody is about to allow.
 * @param suspects in order, as `findSuspiciousCharacters` gives them
 */
export function segmentsOf(
  source: string,
  tokens: readonly Token[],
  suspects: readonly SuspiciousCharacter[],
): Segment[] {
  const segments: Segment[] = [];
  const marks = marksOf(source.length, suspects);
  let markIndex = 0;
  for (const span of spansOf(source.length, tokens)) {
    let offset = span.start;
    while (offset < span.end) {
      const mark = marks[markIndex];
      const inMark = mark !== undefined && offset >= mark.start;
      const until = Math.min(span.end, mark === undefined ? span.end : inMark ? mark.end : mark.start);
      const text = source.slice(offset, until);
      segments.push({ start: offset, text, kind: span.kind, chip: inMark ? chipOf(mark.suspect, text) : null });
      offset = until;
      if (inMark && until === mark.end) markIndex += 1;
    }
  }
  return segments;
}

/** A look-alike is shown as it is, set apart; what is invisible is spelled by its code point. */
export function chipOf(suspect: SuspiciousCharacter, text: string): Chip {
  const { codepoint, kind, label } = suspect;
  if (codepoint === 0x0a) return { shown: '⏎', label };
  if (codepoint === 0x09) return { shown: '⇥', label };
  return { shown: kind === 'lookalike' ? text : `U+${codepoint.toString(16).toUpperCase().padStart(4, '0')}`, label };
}

function marksOf(
  length: number,
  suspects: readonly SuspiciousCharacter[],
): (Range & { suspect: SuspiciousCharacter })[] {
  let from = 0;
  return suspects.flatMap((suspect) => {
    const end = suspect.start + suspect.length;
    if (suspect.start < from || end > length) return [];
    from = end;
    return [{ start: suspect.start, end, suspect }];
  });
}

/** Tokens in order with the gaps between them filled as plain; overlapping or misplaced tokens are left out. */
function spansOf(length: number, tokens: readonly Token[]): (Range & { kind: Segment['kind'] })[] {
  const spans: (Range & { kind: Segment['kind'] })[] = [];
  let offset = 0;
  for (const { kind, span } of tokens) {
    if (span.start < offset || span.end > length || span.end <= span.start) continue;
    if (span.start > offset) spans.push({ start: offset, end: span.start, kind: 'plain' });
    spans.push({ start: span.start, end: span.end, kind });
    offset = span.end;
  }
  if (offset < length) spans.push({ start: offset, end: length, kind: 'plain' });
  return spans;
}

/** The segments of the characters from `from` up to `to`, cut where the edge falls inside one. */
export function sliceSegments(segments: readonly Segment[], from: number, to: number): Segment[] {
  return segments.flatMap((segment) => {
    const end = segment.start + segment.text.length;
    if (end <= from || segment.start >= to) return [];
    const start = Math.max(segment.start, from);
    return [{ ...segment, start, text: segment.text.slice(start - segment.start, Math.min(end, to) - segment.start) }];
  });
}
