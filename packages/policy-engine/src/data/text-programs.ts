import type { ProgramOptions } from '../guard/option-table.js';

const GREP: ProgramOptions = {
  source: 'grep(1), GNU grep 3.11: no option runs a program or writes a file; -f reads patterns from a file',
  flags: `-a -b -c -E -F -G -h -H -i -I -l -L -n -o -P -q -r -R -s -T -U -v -V -w -x -y -z --text --byte-offset --count
    --extended-regexp --fixed-strings --basic-regexp --perl-regexp --no-filename --with-filename --ignore-case --no-ignore-case
    --files-with-matches --files-without-match --line-number --only-matching --quiet --silent --recursive --dereference-recursive
    --no-messages --initial-tab --binary --invert-match --word-regexp --line-regexp --null --null-data --line-buffered`,
  valued: `-A -B -C -d -D -e -f -m --after-context --before-context --context --devices --directories --regexp --file
    --max-count --exclude --exclude-from --exclude-dir --include --binary-files --label --group-separator`,
  optional: '--color --colour',
  numeric: true,
  filter: true,
};

/** Search and text programs that run nothing. `rg --pre`, `sed e`, `awk system()` keep those programs out of here. */
export const TEXT_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  grep: GREP,
  egrep: GREP,
  fgrep: GREP,
  zgrep: { source: 'zgrep(1): a script around grep; options are left out', operands: 0 },
  jq: {
    source:
      'jq 1.7 manual: -f, --from-file, -L, --rawfile and --slurpfile are left out; modules only load from -L paths and ~/.jq',
    flags: `-r -j -a -s -n -c -C -M -S -e -R --raw-output --raw-output0 --join-output --ascii-output --slurp --null-input
      --compact-output --color-output --monochrome-output --sort-keys --exit-status --raw-input --tab --unbuffered --seq --stream`,
    valued: '--indent',
    filter: true,
  },
  rg: {
    source: 'rg(1) 14: --pre, --hostname-bin and -z/--search-zip run programs, --ignore-file and --config are left out',
    flags: `-a -b -c -F -H -i -I -l -n -N -o -p -P -q -s -S -U -u -v -w -x -0 --text --byte-offset --count --count-matches
      --files --files-with-matches --files-without-match --fixed-strings --with-filename --no-filename --ignore-case
      --line-number --no-line-number --only-matching --pretty --pcre2 --quiet --case-sensitive --smart-case --multiline
      --unrestricted --invert-match --word-regexp --line-regexp --hidden --no-ignore --stats --json --trim --vimgrep
      --heading --no-heading --column --null --follow --no-config --no-messages`,
    valued:
      '-A -B -C -e -g -m -M -t -T -d -E --after-context --before-context --context --regexp --glob --iglob --max-count --max-columns --type --type-not --max-depth --encoding --color --sort --sortr --replace -r',
  },
};
