import { baseName } from '../guard/program-name.js';
import type { PatternIndex } from '../index/pattern-index.js';
import type { RuleBucket, RuleEntry } from '../index/rule-bucket.js';
import { COVERS_ALL } from '../index/word-trie.js';
import { resolvedSegments } from '../pattern/path-pattern.js';
import type { Applicability } from './applicability.js';
import { BestRule } from './best-rule.js';
import type { CommandView } from './command-view.js';
import { assignedValue, equivalentOperators, restrictsExtras } from './glob-extras.js';

/** The deny and the review rule that speak about one command. */
export class Restriction {
  readonly deny = new BestRule();
  readonly review = new BestRule();

  offer(entry: RuleEntry): void {
    // A deny rule that cannot be read, or whose expression fails, sends to review: it may have meant this.
    if (entry.pattern.type === 'broken') this.review.offer(entry);
    else (entry.rule.effect === 'deny' ? this.deny : this.review).offer(entry);
  }

  get isEmpty(): boolean {
    return (this.deny.live ?? this.deny.shadow ?? this.review.live ?? this.review.shadow) === null;
  }
}

/** Finds the deny and review rules that match one command: as written, by the program's base name, with paths resolved. */
export function restrictionsOn(view: CommandView, source: string, applicability: Applicability): Restriction {
  const index = applicability.snapshot.index.of('command').restrict;
  const found = new Restriction();
  if (index.size === 0) return found;
  const take = (bucket: RuleBucket | undefined): void =>
    applicability.visit(bucket, (entry) => {
      if (speaksAbout(entry, view)) found.offer(entry);
    });
  take(index.broken);
  takeExact(index, view, source, take);
  for (const words of spellings(view.words)) for (const bucket of index.globs.match(words, COVERS_ALL)) take(bucket);
  takeRegexes(index, view, take, (bucket) => applicability.visit(bucket, (entry) => found.review.offer(entry)));
  takeExtras(index, view, take);
  return found;
}

/** Rules for redirections or assignments alone were found by those; the others may spell some beside their words. */
function speaksAbout({ pattern }: RuleEntry, view: CommandView): boolean {
  return (
    pattern.type !== 'command-glob' || pattern.glob.words.length === 0 || restrictsExtras(pattern.glob, view.command)
  );
}

function takeExact(
  index: PatternIndex,
  view: CommandView,
  source: string,
  take: (bucket: RuleBucket | undefined) => void,
): void {
  if (index.exact.size === 0) return;
  take(index.exact.get(source));
  if (view.command.text !== source) take(index.exact.get(view.command.text));
  if (view.text !== null && view.text !== source && view.text !== view.command.text) take(index.exact.get(view.text));
}

function takeRegexes(
  index: PatternIndex,
  view: CommandView,
  take: (bucket: RuleBucket) => void,
  takeInvalid: (bucket: RuleBucket) => void,
): void {
  if (view.text === null) return;
  for (const hit of index.regexes.match(view.text)) (hit.valid ? take : takeInvalid)(hit.bucket);
  const program = view.program;
  if (program?.includes('/') !== true) return;
  const byBaseName = baseName(program) + view.text.slice(program.length);
  for (const hit of index.regexes.match(byBaseName)) if (hit.valid) take(hit.bucket);
}

function takeExtras(index: PatternIndex, view: CommandView, take: (bucket: RuleBucket) => void): void {
  for (const { operator, target } of view.command.redirections) {
    const path = target?.literal ?? null;
    for (const filedUnder of equivalentOperators(operator))
      for (const words of spellings([filedUnder, path]))
        for (const bucket of index.redirections.match(words, COVERS_ALL)) take(bucket);
  }
  for (const assignment of view.command.assignments)
    for (const bucket of index.assignments.match([assignment.name, assignedValue(assignment)], COVERS_ALL))
      take(bucket);
}

/** The words as written and, where that differs, with the program's base name and with `..`, `.` and `//` worked out. */
function* spellings(words: readonly (string | null)[]): Generator<readonly (string | null)[]> {
  yield words;
  const program = words[0] ?? null;
  if (program?.includes('/')) yield [baseName(program), ...words.slice(1)];
  if (words.some(isUnresolvedPath)) {
    const resolved = words.map((word) => (isUnresolvedPath(word) ? `/${resolvedSegments(word).join('/')}` : word));
    yield resolved;
    if (program?.includes('/')) yield [baseName(program), ...resolved.slice(1)];
  }
}

function isUnresolvedPath(word: string | null): word is string {
  return (
    word?.startsWith('/') === true &&
    (word.includes('/.') || word.includes('//') || (word.length > 1 && word.endsWith('/')))
  );
}

/** Is there a deny or review rule that could match, given what is not known about the command? */
export function possibleRestriction(view: CommandView, applicability: Applicability): RuleEntry | null {
  const index = applicability.snapshot.index.of('command').restrict;
  if (index.size === 0) return null;
  const best = new BestRule();
  const offerAll = (buckets: Iterable<RuleBucket>): void => {
    for (const bucket of buckets) applicability.visit(bucket, (entry) => best.offer(entry));
  };
  const { opaque, redirections } = view.command;
  if (opaque || view.program === null) offerAll(index.globs.startingWith(null));
  else if (view.words.includes(null))
    for (const bucket of bucketsFor(index, view))
      applicability.visit(bucket, (entry) => {
        if (couldMatch(entry, view.words)) best.offer(entry);
      });
  if (opaque || view.text === null) offerAll(index.regexes.all());
  if (opaque || redirections.some(({ target }) => target !== null && target.literal === null))
    offerAll(index.redirections.startingWith(null));
  if (opaque) offerAll(index.exact.values());
  return best.live;
}

function bucketsFor(index: PatternIndex, view: CommandView): RuleBucket[] {
  const program = view.program ?? '';
  const buckets = index.globs.startingWith(program);
  return program.includes('/') ? [...buckets, ...index.globs.startingWith(baseName(program))] : buckets;
}

/** Could the glob's words match, where a word that is not literal may turn out to be any number of words? */
function couldMatch(entry: RuleEntry, words: readonly (string | null)[]): boolean {
  if (entry.pattern.type !== 'command-glob') return true;
  const pattern = entry.pattern.glob.words;
  // Only the words before the first unknown one are certain; comparing those alone errs on the side of "could".
  const known = words.indexOf(null);
  const certain = known < 0 ? words : words.slice(0, known);
  for (const [at, word] of certain.entries()) {
    const expected = pattern[at];
    if (expected === undefined) return false;
    if (expected.kind === 'any-words' || word === null) return true;
    if (expected.kind === 'literal' && expected.text !== word && (at > 0 || expected.text !== baseName(word)))
      return false;
  }
  return true;
}
