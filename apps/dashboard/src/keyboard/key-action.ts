/** Everything a key can ask for. */
export type KeyAction =
  | 'next'
  | 'previous'
  | 'approve'
  | 'deny'
  | 'edit'
  | 'remember'
  | 'select'
  | 'select-similar'
  | 'last-decided'
  | 'unfold'
  | 'search'
  | 'help'
  | 'palette'
  | 'close';

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** Typing into a field: letters are text. */
  typing: boolean;
  /** A dialog or menu is open and owns the keyboard. */
  covered: boolean;
  /** The person's choice: letters may be keys. */
  letterKeys: boolean;
}

const letters: Record<string, KeyAction> = {
  j: 'next',
  k: 'previous',
  a: 'approve',
  d: 'deny',
  e: 'edit',
  r: 'remember',
  x: 'select',
  X: 'select-similar',
  u: 'last-decided',
  o: 'unfold',
  '/': 'search',
  '?': 'help',
};

/** What a key press means here; null when it is not ours. Letters with Ctrl, Alt or ⌘ belong to the browser. */
export function keyAction(press: KeyPress): KeyAction | null {
  const command = press.ctrlKey || press.metaKey;
  if (command && !press.altKey && press.key.toLowerCase() === 'k') return 'palette';
  if (press.covered) return null;
  if (press.key === 'Escape') return 'close';
  if (command || press.altKey || press.typing) return null;
  return press.letterKeys ? (letters[press.key] ?? null) : null;
}

/** The second key of "go to": `g` then this. */
export const GO_KEYS = {
  q: '/queue',
  s: '/sessions',
  h: '/history',
  r: '/rules',
  a: '/agents',
  t: '/targets',
} as const satisfies Record<string, string>;
export type GoKey = keyof typeof GO_KEYS;

export function isGoKey(key: string): key is GoKey {
  return key in GO_KEYS;
}

/** For the help and the palette: keys with what they do, grouped. */
export const KEY_HELP: { group: string; keys: { keys: string[]; does: string }[] }[] = [
  {
    group: 'Queue',
    keys: [
      { keys: ['j'], does: 'Next request' },
      { keys: ['k'], does: 'Previous request' },
      { keys: ['a'], does: 'Approve; hold it when the risk is critical' },
      { keys: ['d'], does: 'Deny, with a reason' },
      { keys: ['e'], does: 'Edit, then approve the edited text' },
      { keys: ['r'], does: 'Remember: decide and make a rule' },
      { keys: ['o'], does: 'Open a folded command' },
      { keys: ['x'], does: 'Select, for deciding several at once' },
      { keys: ['X'], does: 'Select all similar requests' },
      { keys: ['u'], does: 'Show what was decided last' },
    ],
  },
  {
    group: 'Everywhere',
    keys: [
      { keys: ['Ctrl', 'K'], does: 'Find a command or a page' },
      { keys: ['/'], does: 'Search this list' },
      { keys: ['?'], does: 'This help' },
      { keys: ['Esc'], does: 'Close, or go back' },
      { keys: ['g', 'q'], does: 'Go to the queue' },
      { keys: ['g', 'r'], does: 'Go to the rules' },
      { keys: ['g', 'h'], does: 'Go to the history' },
      { keys: ['g', 's'], does: 'Go to the sessions' },
      { keys: ['g', 'a'], does: 'Go to the agents' },
      { keys: ['g', 't'], does: 'Go to the targets' },
    ],
  },
];
