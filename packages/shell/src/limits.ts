/** Longest line that is read at all, in UTF-16 units. A longer one is unparseable: no parser time is spent on it. */
export const MAX_SOURCE_LENGTH = 8_192;

/** Deepest nesting of brackets and quotes that is handed to the recursive parser. */
export const MAX_NESTING = 20;

/** Opening brackets, backquotes and here-documents, nested or not, that one line may contain. */
export const MAX_OPENERS = 400;

/** Wrappers inside wrappers and shell strings inside shell strings that are opened before the innermost is called opaque. */
export const MAX_WRAPPER_DEPTH = 12;

/**
 * Steps (tree nodes visited, characters read, once for each substitution or wrapper around them) that one analysis may take. Counted instead of
 * timed so that the same line always gets the same answer, on a fast machine and on a slow one.
 */
export const MAX_STEPS = 50_000;

/** Simple commands that one line may contain. */
export const MAX_COMMANDS = 1_000;

/** Deepest tree of commands within commands that is walked. */
export const MAX_TREE_DEPTH = 200;
