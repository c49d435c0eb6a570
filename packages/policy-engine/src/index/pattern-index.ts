import type { CommandPattern } from '../pattern/command-pattern.js';
import { RegexIndex } from './regex-index.js';
import { RuleBucket, type RuleEntry } from './rule-bucket.js';
import { TextMap } from './text-map.js';
import { WordTrie } from './word-trie.js';

/** The rules of one kind and one sort of effect, filed by what their patterns need. Grows only; see `RuleEntry`. */
export class PatternIndex {
  readonly exact = new TextMap<RuleBucket>();
  /** Globs by words: a command's words, a tool's name, a path's segments. */
  readonly globs = new WordTrie();
  readonly regexes = new RegexIndex();
  /** Rules for redirections alone: operator, file. */
  readonly redirections = new WordTrie();
  /** Rules for assignments alone: name, value. */
  readonly assignments = new WordTrie();
  /** Rules that could not be read. */
  readonly broken = new RuleBucket();
  size = 0;

  add(entry: RuleEntry): void {
    this.size++;
    const { pattern, rule } = entry;
    switch (pattern.type) {
      case 'exact':
        this.exactBucket(rule.pattern).add(entry);
        return;
      case 'command-glob':
        this.addGlob(pattern.glob, entry);
        return;
      case 'words':
        this.globs.bucketOf(pattern.words).add(entry);
        return;
      case 'regex':
        this.regexes.bucketOf(pattern.regex).add(entry);
        return;
      case 'broken':
        this.broken.add(entry);
        return;
    }
  }

  private exactBucket(text: string): RuleBucket {
    let bucket = this.exact.get(text);
    if (bucket === undefined) {
      bucket = new RuleBucket();
      this.exact.set(text, bucket);
    }
    return bucket;
  }

  private addGlob(glob: CommandPattern, entry: RuleEntry): void {
    if (glob.words.length > 0) {
      this.globs.bucketOf(glob.words).add(entry);
      return;
    }
    for (const { operator, target } of glob.redirections)
      this.redirections.bucketOf([{ kind: 'literal', text: operator }, target]).add(entry);
    for (const { name, value } of glob.assignments)
      this.assignments.bucketOf([{ kind: 'literal', text: name }, value]).add(entry);
  }
}
