import type { CommandWords } from './command-words.js';
import { changes, firstIs, gone, hasShort, hasWord, type ProgramRisk, starts } from './program-risk.js';

/** Settings that only say who commits, or how output looks; any other may name a program that git runs. */
const HARMLESS_SETTING = /^(user\.(name|email)|color\.\w+|init\.defaultbranch|pull\.(rebase|ff)|push\.default)(=|$)/i;

const changesSettings = ({ operands }: CommandWords): boolean => {
  const setting = operands[/^(set|unset|edit)$/.test(operands[1] ?? '') ? 2 : 1];
  return setting === undefined || !HARMLESS_SETTING.test(setting);
};
const readsSettings = (words: CommandWords): boolean =>
  hasWord(words, /^(-l|--list|--get|--get-all|--get-regexp|--get-urlmatch)$/) ||
  /^(get|list)$/.test(words.operands[1] ?? '');

/** Options before the subcommand that choose programs or settings for this one run. */
const overridesSettings = ({ all, operands }: CommandWords): boolean => {
  const end = all.indexOf(operands[0] ?? '');
  const before = all.slice(1, end < 0 ? all.length : end);
  return before.some(
    (word, at) =>
      /^--(exec-path=|config-env)/.test(word) || (word === '-c' && !HARMLESS_SETTING.test(before[at + 1] ?? '')),
  );
};

const rule = (when: (words: CommandWords) => boolean, signal: ProgramRisk['signal']): ProgramRisk => ({
  programs: 'git',
  when,
  signal,
});

/** git(1) and the pages of its subcommands. */
export const GIT_RISKS: readonly ProgramRisk[] = [
  rule(
    (words) => starts(words, 'push') && hasWord(words, /^(-f|--force.*|--mirror|--delete|-d|\+.*|:.+)$/),
    gone(65, 'It overwrites history on the remote.'),
  ),
  rule(
    (words) =>
      (starts(words, 'reset') && hasWord(words, /^--hard$/)) || (starts(words, 'clean') && hasShort(words, /f/)),
    gone(55, 'It throws away uncommitted work.'),
  ),
  rule(
    (words) =>
      (starts(words, 'update-ref') && hasWord(words, /^(-d|--stdin)$/)) ||
      (starts(words, 'reflog') && /^(expire|delete)$/.test(words.operands[1] ?? '')) ||
      (starts(words, 'gc') && hasWord(words, /^--prune/)) ||
      firstIs(words, /^(filter-branch|filter-repo|prune)$/),
    gone(60, 'It removes history beyond recovery.'),
  ),
  rule(
    (words) =>
      (starts(words, 'worktree', 'remove') && hasWord(words, /^(-f|--force)$/)) ||
      starts(words, 'stash', 'drop') ||
      starts(words, 'stash', 'clear'),
    gone(55, 'It throws away saved work.'),
  ),
  rule(overridesSettings, changes(55, 'It changes settings that can make git run other programs.')),
  rule(
    (words) => starts(words, 'config') && !readsSettings(words) && changesSettings(words),
    gone(60, 'It changes settings that can make git run other programs.'),
  ),
  rule((words) => starts(words, 'config') && !readsSettings(words), changes(30, 'It changes settings of git.')),
  rule(
    (words) =>
      starts(words, 'bisect', 'run') ||
      starts(words, 'submodule', 'foreach') ||
      (firstIs(words, /^(rebase|difftool|mergetool)$/) && hasWord(words, /^(-x|--exec.*|--extcmd.*)$/)),
    changes(50, 'It runs a program for each step.'),
  ),
  rule((words) => starts(words, 'push'), changes(40, 'It publishes commits.')),
  rule(
    (words) =>
      (firstIs(words, /^(branch|tag)$/) && (hasShort(words, /[dDmMf]/) || hasWord(words, /^--(delete|move|force)$/))) ||
      firstIs(words, /^(update-ref|replace)$/),
    changes(40, 'It removes or moves branches or tags.'),
  ),
  rule(
    (words) => starts(words, 'remote') && /^(add|set-url|remove|rm|rename|set-head)$/.test(words.operands[1] ?? ''),
    changes(45, 'It changes where commits come from and go to.'),
  ),
  rule(
    (words) =>
      firstIs(words, /^(apply|am|notes|tag|gc|worktree)$/) ||
      (starts(words, 'hash-object') && hasShort(words, /w/)) ||
      starts(words, 'lfs', 'prune'),
    changes(30, 'It changes the repository.'),
  ),
  rule(
    (words) =>
      firstIs(
        words,
        /^(commit|add|merge|rebase|checkout|switch|pull|fetch|clone|stash|cherry-pick|revert|restore|mv|rm|init|submodule)$/,
      ),
    changes(30, 'It changes a work tree.'),
  ),
];
