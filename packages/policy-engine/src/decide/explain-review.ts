import type { Analysis } from '@expacti/shell';
import { Coverage, takesCode } from '../guard/option-coverage.js';
import { COVERS_ALL } from '../index/word-trie.js';
import type { Applicability } from './applicability.js';
import { BestRule } from './best-rule.js';
import type { CommandView } from './command-view.js';
import { fileRedirections } from './glob-extras.js';

/** Why one command of a line goes to review although the line is understood: sentences for the reviewer. */
export function explainReview(view: CommandView, applicability: Applicability, analysis: Analysis): string[] {
  const { command } = view;
  if (!analysis.parseable) return [...command.reasons];
  if (command.opaque) return ['What this would run is not known before it runs.', ...command.reasons];
  const dynamic = command.words.filter((word) => word.literal === null);
  if (dynamic.length > 0) {
    const texts = dynamic.map((word) => quoted(word.text)).join(', ');
    return [`Not literal, so no pattern covers it: ${texts}.`, ...command.reasons];
  }
  if (!command.patternable) return [...command.reasons];
  if (!analysis.strict) return [...analysis.strictReasons];
  const near = nearMiss(view, applicability);
  const extras = openExtras(view);
  if (near === null) return [`No rule allows ${quoted(command.text)}.`, ...extras];
  return [near, ...extras];
}

/** A rule that would match if wildcards covered everything, and what stopped it. */
function nearMiss(view: CommandView, applicability: Applicability): string | null {
  const words = view.ownWords;
  if (words === null || words.length === 0) return null;
  const best = new BestRule();
  const { allow } = applicability.snapshot.index.of('command');
  for (const bucket of allow.globs.match(words, COVERS_ALL)) applicability.visit(bucket, (entry) => best.offer(entry));
  if (best.live === null) return null;
  const { rule } = best.live;
  return `Rule ${rule.id} does not cover this: ${obstacle(view, words, typeof rule.cwd === 'string')}`;
}

function obstacle(view: CommandView, words: readonly string[], hasCwd: boolean): string {
  if (!hasCwd && view.dependsOnFolder)
    return `what ${quoted(view.program ?? '')} runs depends on the working directory, which the rule does not name.`;
  if (view.leavesFolder && view.dependsOnFolder)
    return 'the wrapper may run it in another folder, so only a rule that spells both covers it.';
  if (view.command.builtin === 'state')
    return 'it changes what later commands do, so only a rule without wildcards covers it.';
  const stopped = words.findIndex((_, at) => at > 0 && !view.coverage.covers(at));
  const word = words[stopped];
  if (word !== undefined) return wordObstacle(view, word, view.coverage.codes[stopped] ?? Coverage.never);
  if (view.isBehindPipe && !view.coverage.pureFilter)
    return 'it stands behind a pipe, is not a known pure filter, and the rule does not say pipeline.';
  if (openExtras(view).length > 0) return 'it needs permission for more than its words.';
  return 'the policies ask for more approval than the rule was made with, or a ".." leads out of the folder it names.';
}

function wordObstacle(view: CommandView, word: string, code: Coverage): string {
  switch (code) {
    case Coverage.spelledOption:
      return `the option ${quoted(word)} is not known to be harmless, so the rule would have to spell it.`;
    case Coverage.spelledKey:
      return `a wildcard does not cover ${quoted(word)}; the rule would have to spell its beginning.`;
    default:
      return takesCode(view.program ?? '')
        ? `${view.program} can run what its words name, so wildcards do not cover ${quoted(word)}.`
        : `a wildcard does not cover ${quoted(word)}.`;
  }
}

function openExtras(view: CommandView): string[] {
  const { command } = view;
  return [
    ...fileRedirections(command).map(
      ({ operator, target }) =>
        `The redirection ${quoted(`${operator} ${target?.text ?? ''}`.trim())} needs permission of its own.`,
    ),
    ...command.assignments.map(({ text }) => `The assignment ${quoted(text)} needs permission of its own.`),
  ];
}

const quoted = (text: string): string => `“${text}”`;
