import { diffWordsWithSpace } from 'diff';

export interface DifferencePart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Beyond this a word-wise comparison would keep the page busy; the two texts are then shown whole. */
const LONGEST = 20_000;

/** What a reviewer's edit changed, word by word with the spaces kept: a space can change what a shell does. */
export function differenceOf(before: string, after: string): DifferencePart[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  if (before.length + after.length > LONGEST) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ];
  }
  return diffWordsWithSpace(before, after).map((part) => ({
    kind: part.added ? 'added' : part.removed ? 'removed' : 'same',
    text: part.value,
  }));
}
