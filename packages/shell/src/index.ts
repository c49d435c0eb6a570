export * from './analysis.js';
export { analyze } from './analyze.js';
export { isCodeAssignment, isDangerousAssignment } from './data/assignments.js';
export { CODE_BUILTINS, STATE_BUILTINS } from './data/builtins.js';
export { baseName } from './data/programs.js';
export { RESERVED_WORDS } from './data/reserved-words.js';
export { isShell } from './data/shells.js';
export { type DisplayPiece, escapeForDisplay, escapeText } from './display/escape-for-display.js';
export {
  findSuspiciousCharacters,
  hasHiddenCharacters,
  type SuspiciousCharacter,
} from './display/suspicious-characters.js';
export { MAX_SOURCE_LENGTH } from './limits.js';
export { quoteArgv, quoteWord } from './quote.js';
