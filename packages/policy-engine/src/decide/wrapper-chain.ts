import type { JoinedCommands } from './allowances.js';
import type { CommandView } from './command-view.js';

/** A wrapper with what it runs, down to the innermost command. */
export interface WrapperChain {
  /** Indexes of the commands, outermost first. */
  indexes: readonly number[];
  joined: JoinedCommands;
}

/**
 * Finds wrappers whose words are exactly their own words followed by those of the one command that they run, so that one
 * rule can spell both. `sh -c '…'`, `find -exec` and `xargs` are not of that form.
 */
export function wrapperChains(views: readonly CommandView[]): WrapperChain[] {
  return views.flatMap((view, at) => {
    const outermost = view.isWrapper && view.command.wrappedBy === null;
    const chain = outermost ? chainFrom(views, at) : null;
    return chain === null ? [] : [chain];
  });
}

function chainFrom(views: readonly CommandView[], first: number): WrapperChain | null {
  const indexes = [first];
  let offset = 0;
  let view = views[first];
  while (view !== undefined && isSound(view)) {
    if (!view.isWrapper) {
      const dependsOnFolder = indexes.some((at) => views[at]?.dependsOnFolder === true);
      return { indexes, joined: joinedCommands(views[first] ?? view, view, offset, dependsOnFolder) };
    }
    const at = indexes[indexes.length - 1] ?? first;
    const inner = views.flatMap((other, index) => (other.command.wrappedBy === at ? [index] : []));
    const [only] = inner;
    const next: CommandView | undefined = only === undefined ? undefined : views[only];
    if (inner.length !== 1 || only === undefined || next === undefined || !continues(view, next)) return null;
    offset += view.ownWords?.length ?? 0;
    indexes.push(only);
    view = next;
  }
  return null;
}

function isSound({ command }: CommandView): boolean {
  return command.patternable && !command.opaque && command.builtin === null && command.argv !== null;
}

/** Are the wrapper's words its own, followed by those of the inner command, which brings nothing else? */
function continues(wrapper: CommandView, inner: CommandView): boolean {
  const all = wrapper.command.argv;
  const rest = inner.command.argv;
  const own = wrapper.ownWords;
  if (all === null || rest === null || own === null || all.length !== own.length + rest.length) return false;
  if (inner.command.assignments.length + inner.command.redirections.length > 0) return false;
  return all.every((word, at) => word === (at < own.length ? own[at] : rest[at - own.length]));
}

function joinedCommands(
  wrapper: CommandView,
  innermost: CommandView,
  offset: number,
  dependsOnFolder: boolean,
): JoinedCommands {
  return {
    wrapper,
    dependsOnFolder,
    words: wrapper.command.argv ?? [],
    guard: {
      covers: (at) => at > offset && innermost.coverage.covers(at - offset),
      coversRest: (at) => at > offset && innermost.coverage.coversRest(at - offset),
      coversPart: (pattern, at) => at > offset && innermost.coverage.coversPart(pattern, at - offset),
    },
  };
}
