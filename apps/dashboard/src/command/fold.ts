/** Shown at once; what is longer folds. Twelve lines fit a laptop's detail without pushing the risk out of sight. */
const LINES_SHOWN = 12;
const CHARACTERS_SHOWN = 1_200;
/** A fold hides at least this much, so that nobody has to open one for three characters. */
const LEAST_HIDDEN = 200;

export interface Fold {
  /** Offset from which the text is hidden. */
  at: number;
  hiddenCharacters: number;
  hiddenLines: number;
}

/** Where a long command folds; null when it is shown whole. */
export function foldOf(source: string): Fold | null {
  const at = Math.min(endOfLine(source, LINES_SHOWN), CHARACTERS_SHOWN);
  const hidden = source.length - at;
  if (hidden < LEAST_HIDDEN && linesIn(source) <= LINES_SHOWN + 3) return null;
  if (hidden <= 0) return null;
  const cut = insideSurrogatePair(source, at) ? at - 1 : at;
  return { at: cut, hiddenCharacters: source.length - cut, hiddenLines: linesIn(source.slice(cut)) - 1 };
}

/** Offset after the `count`th line, or the whole length. */
function endOfLine(source: string, count: number): number {
  let offset = -1;
  for (let line = 0; line < count; line += 1) {
    offset = source.indexOf('\n', offset + 1);
    if (offset === -1) return source.length;
  }
  return offset + 1;
}

function linesIn(source: string): number {
  return source.split('\n').length;
}

function insideSurrogatePair(source: string, at: number): boolean {
  const before = source.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff;
}
