import type { ProgramOptions } from '../guard/option-table.js';

type Subcommand = Omit<ProgramOptions, 'source'>;

/** How commits are shown. Left out: `--output` writes, `--ext-diff` and `--textconv` run filters, `-O` and `--show-signature` too. */
const COMMIT_FLAGS = `--oneline --graph --decorate --no-decorate --all --branches --tags --remotes --merges --no-merges --first-parent
  --reverse --date-order --author-date-order --topo-order --abbrev-commit --no-abbrev-commit --parents --children --left-right --cherry-pick
  --no-color --no-notes --follow --full-history --simplify-merges --show-pulls --no-patch -s -i -E -F -P --all-match --invert-grep
  --regexp-ignore-case --extended-regexp --fixed-strings --perl-regexp --source --no-ext-diff --no-textconv`;
const COMMIT_VALUES = `-n -L --max-count --skip --since --after --until --before --author --committer --grep --date --exclude --glob`;
const DIFF_FLAGS = `-p -u --patch --raw --numstat --shortstat --summary --name-only --name-status --check --cached --staged --minimal
  --patience --histogram --patch-with-stat --compact-summary -z -D -R -a --text -b -w --ignore-space-at-eol --ignore-space-change
  --ignore-all-space --ignore-blank-lines -W --function-context --full-index --binary --exit-code --quiet --no-renames --no-index
  --merge-base -c --cc --no-prefix --no-ext-diff --no-textconv --no-color`;
const DIFF_VALUES =
  '-G -S --inter-hunk-context --diff-algorithm --diff-filter --src-prefix --dst-prefix --line-prefix --ws-error-highlight';
/** Attached values only: `git log -U --output=x` writes the file x. */
const DIFF_OPTIONAL =
  '-U -M -C --unified --stat --dirstat --color --color-words --word-diff --submodule --abbrev --find-renames --find-copies --relative --ignore-submodules';

const log: Subcommand = {
  flags: `${COMMIT_FLAGS} ${DIFF_FLAGS}`,
  valued: `${COMMIT_VALUES} ${DIFF_VALUES}`,
  optional: DIFF_OPTIONAL,
  numeric: true,
};

/**
 * Subcommands that read the repository. No option before the subcommand is covered: `-c`, `-C`, `--git-dir`, `--exec-path` and
 * `-p` decide which configuration and which programs git uses. `--format` and `--pretty` are left out because `%G?` starts gpg.
 */
export const GIT_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  git: {
    source:
      'git(1) 2.47 and the pages of its subcommands; GTFOBins "git" (-p, -c, help, branch --config, diff --ext-diff)',
    subcommands: {
      status: {
        flags:
          '-s -b -v -z --short --branch --show-stash --long --verbose --null --no-renames --ahead-behind --no-ahead-behind',
        optional: '--porcelain --untracked-files --ignored --ignore-submodules --column --find-renames',
      },
      log,
      show: log,
      whatchanged: log,
      diff: { flags: DIFF_FLAGS, valued: DIFF_VALUES, optional: DIFF_OPTIONAL, numeric: false },
      shortlog: {
        flags: '-s -n -e -c --summary --numbered --email --committer --no-merges --all',
        valued: '--since --until --author --group',
        optional: '-w',
      },
      blame: {
        flags:
          '-b -e -f -l -n -p -s -t -w -c --root --show-stats --porcelain --line-porcelain --show-name --show-number --show-email',
        valued: '-L --since --date',
        optional: '-M -C --abbrev',
      },
      branch: {
        flags: '-a -r -v -l --list --all --remotes --verbose --show-current --ignore-case --no-color',
        optional: '--color --column',
        operands: 0,
      },
      tag: { flags: '-l --list', valued: '--sort', optional: '-n --column --color', operands: 0 },
      remote: { flags: '-v --verbose', operands: 0 },
      stash: { subcommands: { list: { flags: '--oneline', operands: 0 } } },
      'rev-parse': {
        flags:
          '--verify --short --abbrev-ref --symbolic-full-name --show-toplevel --git-dir --absolute-git-dir --is-inside-work-tree --is-bare-repository --show-prefix --show-cdup -q --quiet --all --branches --tags --remotes',
      },
      'rev-list': { flags: `${COMMIT_FLAGS} --count --objects`, valued: COMMIT_VALUES, numeric: true },
      'ls-files': {
        flags:
          '-c -d -m -o -i -s -u -k -t -v -z --cached --deleted --modified --others --ignored --stage --unmerged --killed --full-name --exclude-standard --error-unmatch --directory',
        valued: '-x --exclude',
      },
      'ls-tree': {
        flags: '-d -r -t -l -z --name-only --name-status --object-only --full-name --full-tree --long',
        optional: '--abbrev',
      },
      'cat-file': { flags: '-e -p -t -s' },
      // Without --contains, which hands the words behind it to name-rev.
      describe: {
        flags: '--all --tags --always --long --exact-match --first-parent',
        valued: '--candidates --match --exclude',
        optional: '--dirty --broken --abbrev',
      },
      'merge-base': { flags: '-a --all --octopus --independent --is-ancestor --fork-point' },
      'name-rev': { flags: '--tags --all --name-only --always --no-undefined', valued: '--refs --exclude' },
      'show-ref': {
        flags: '--head --heads --tags --verify -q --quiet -d --dereference -s',
        optional: '--hash --abbrev',
      },
      'count-objects': { flags: '-v -H --verbose --human-readable', operands: 0 },
      version: { flags: '--build-options', operands: 0 },
      // These change the work tree or the branch; hooks of the repository run as they would anyway.
      add: { spelled: true, flags: '-A -n -u -v --all --dry-run --update --verbose --intent-to-add -N' },
      commit: {
        spelled: true,
        flags: '-a -q -s -v --all --quiet --signoff --verbose --allow-empty',
        valued: '-m --message',
      },
      switch: { spelled: true, flags: '-q --quiet --detach', operands: 1 },
      fetch: { spelled: true, flags: '-a -p -q -t -v --all --prune --quiet --tags --verbose', operands: 0 },
      pull: { spelled: true, flags: '-q -v --quiet --verbose --ff-only', operands: 0 },
    },
  },
};
