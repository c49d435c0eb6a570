import type { ProgramOptions } from '../guard/option-table.js';

/**
 * GNU coreutils 9 and util-linux, and their like. Left out on purpose: options that name a file to write
 * (`sort -o`, `shuf -o`), a program to run (`sort --compress-program`), or a file of further options or names
 * (`--files0-from`), and `tail --pid`/`-f` where following would never end is left to the author too.
 */
export const CORE_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  echo: { source: 'bash(1), echo(1): prints its words', anything: true },
  true: { source: 'true(1): ignores its words', anything: true },
  false: { source: 'false(1): ignores its words', anything: true },
  ':': { source: 'bash(1): ignores its words', anything: true },
  pwd: { source: 'pwd(1)', flags: '-L -P --logical --physical', operands: 0 },
  ls: {
    source: 'ls(1), coreutils 9.5',
    flags: `-a -A -b -B -c -C -d -f -F -g -G -h -H -i -k -l -L -m -n -N -o -p -q -Q -r -R -s -S -t -u -U -v -x -X -Z -1
      --all --almost-all --author --escape --ignore-backups --directory --dired --file-type --no-group --human-readable --si
      --dereference --dereference-command-line --dereference-command-line-symlink-to-dir --inode --kibibytes --literal
      --numeric-uid-gid --hide-control-chars --show-control-chars --quote-name --reverse --recursive --size --context --full-time
      --group-directories-first --zero`,
    valued:
      '-I -T -w --block-size --format --hide --ignore --indicator-style --quoting-style --sort --tabsize --time --time-style --width',
    optional: '--color --classify --hyperlink',
  },
  cat: {
    source: 'cat(1), coreutils 9.5',
    flags: `-A -b -e -E -n -s -t -T -u -v --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs
      --show-nonprinting`,
    filter: true,
  },
  tac: { source: 'tac(1)', flags: '-b -r --before --regex', valued: '-s --separator', filter: true },
  head: {
    source: 'head(1), coreutils 9.5',
    flags: '-q -v -z --quiet --silent --verbose --zero-terminated',
    valued: '-n -c --lines --bytes',
    numeric: true,
    filter: true,
  },
  tail: {
    source: 'tail(1), coreutils 9.5',
    flags: '-f -F -q -v -z --retry --quiet --silent --verbose --zero-terminated',
    valued: '-n -c -s --lines --bytes --pid --sleep-interval --max-unchanged-stats',
    optional: '--follow',
    numeric: true,
    filter: true,
  },
  wc: {
    source: 'wc(1), coreutils 9.5',
    flags: '-c -m -l -L -w --bytes --chars --lines --max-line-length --words',
    valued: '--total',
    filter: true,
  },
  sort: {
    source: 'sort(1), coreutils 9.5; GTFOBins "sort" (-o writes, --compress-program runs)',
    flags: `-b -d -f -g -h -i -M -n -r -R -V -c -C -m -s -u -z --ignore-leading-blanks --dictionary-order --ignore-case
      --general-numeric-sort --human-numeric-sort --ignore-nonprinting --month-sort --numeric-sort --reverse --random-sort
      --version-sort --merge --stable --unique --zero-terminated --debug`,
    valued: '-k -t -S --key --field-separator --buffer-size --parallel --sort --batch-size',
    optional: '--check',
    filter: true,
  },
  uniq: {
    source: 'uniq(1), coreutils 9.5: a second operand is written to',
    flags: '-c -d -D -i -u -z --count --repeated --ignore-case --unique --zero-terminated',
    valued: '-f -s -w --skip-fields --skip-chars --check-chars',
    optional: '--all-repeated --group',
    operands: 1,
    filter: true,
  },
  cut: {
    source: 'cut(1), coreutils 9.5',
    flags: '-n -s -z --complement --only-delimited --zero-terminated',
    valued: '-b -c -d -f --bytes --characters --delimiter --fields --output-delimiter',
    filter: true,
  },
  tr: {
    source: 'tr(1), coreutils 9.5',
    flags: '-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1',
    filter: true,
  },
  nl: {
    source: 'nl(1), coreutils 9.5',
    flags: '-p --no-renumber',
    valued:
      '-b -d -f -h -i -l -n -s -v -w --body-numbering --section-delimiter --footer-numbering --header-numbering --line-increment --join-blank-lines --number-format --number-separator --starting-line-number --number-width',
    filter: true,
  },
  rev: { source: 'rev(1), util-linux', flags: '-0 --zero', filter: true },
  fold: { source: 'fold(1)', flags: '-b -s --bytes --spaces', valued: '-w --width', filter: true },
  fmt: {
    source: 'fmt(1)',
    flags: '-c -s -t -u --crown-margin --split-only --tagged-paragraph --uniform-spacing',
    valued: '-p -w -g --prefix --width --goal',
    filter: true,
  },
  expand: { source: 'expand(1)', flags: '-i --initial', valued: '-t --tabs', filter: true },
  unexpand: { source: 'unexpand(1)', flags: '-a --all --first-only', valued: '-t --tabs', filter: true },
  paste: { source: 'paste(1)', flags: '-s -z --serial --zero-terminated', valued: '-d --delimiters', filter: true },
  join: {
    source: 'join(1)',
    flags: '-i -z --ignore-case --check-order --nocheck-order --header --zero-terminated',
    valued: '-a -e -j -o -t -v -1 -2',
    filter: true,
  },
  comm: {
    source: 'comm(1)',
    flags: '-1 -2 -3 -z --check-order --nocheck-order --total --zero-terminated',
    valued: '--output-delimiter',
    filter: true,
  },
  column: {
    source: 'column(1), util-linux 2.40',
    flags: '-d -e -J -L -t -x --table --json --keep-empty-lines --fillrows --table-header-repeat --table-noheadings',
    valued:
      '-C -c -E -H -l -N -n -O -o -R -s -T -W --table-column --output-width --table-noextreme --table-hide --table-columns-limit --table-columns --table-name --table-order --output-separator --table-right --separator --table-truncate --table-wrap',
    filter: true,
  },
  base64: { source: 'base64(1)', flags: '-d -i --decode --ignore-garbage', valued: '-w --wrap', filter: true },
  base32: { source: 'base32(1)', flags: '-d -i --decode --ignore-garbage', valued: '-w --wrap', filter: true },
  od: {
    source: 'od(1)',
    flags: '-a -b -c -d -f -i -l -o -s -v -x --output-duplicates',
    valued: '-A -j -N -S -t --address-radix --endian --skip-bytes --read-bytes --format',
    filter: true,
  },
  hexdump: {
    source: 'hexdump(1), util-linux',
    flags:
      '-b -c -C -d -o -v -x -X --one-byte-octal --one-byte-char --canonical --two-bytes-decimal --two-bytes-octal --two-bytes-hex --no-squeezing',
    valued: '-n -s --length --skip',
    filter: true,
  },
  strings: {
    source: 'strings(1)',
    flags: '-a -f -o -w --all --data --print-file-name',
    valued: '-n -t -e -s --bytes --radix --encoding --output-separator',
    filter: true,
  },
  cksum: {
    source: 'cksum(1)',
    flags: '--raw --base64 --tag --untagged --zero',
    valued: '-a -l --algorithm --length',
    filter: true,
  },
  ...Object.fromEntries(
    ['md5sum', 'sha1sum', 'sha224sum', 'sha256sum', 'sha384sum', 'sha512sum', 'b2sum'].map((name) => [
      name,
      {
        source: 'sha256sum(1)',
        flags: '-b -c -t -w -z --binary --check --tag --text --zero --ignore-missing --quiet --status --strict --warn',
        filter: true,
      },
    ]),
  ),
  seq: { source: 'seq(1)', flags: '-w --equal-width', valued: '-f -s --format --separator' },
  basename: { source: 'basename(1)', flags: '-a -z --multiple --zero', valued: '-s --suffix' },
  dirname: { source: 'dirname(1)', flags: '-z --zero' },
  realpath: {
    source: 'realpath(1)',
    flags:
      '-e -m -L -P -q -s -z --canonicalize-existing --canonicalize-missing --logical --physical --quiet --strip --no-symlinks --zero',
    valued: '--relative-to --relative-base',
  },
  readlink: {
    source: 'readlink(1)',
    flags:
      '-f -e -m -n -q -s -v -z --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet --silent --verbose --zero',
  },
  stat: {
    source: 'stat(1), coreutils 9.5',
    flags: '-L -f -t --dereference --file-system --terse',
    valued: '-c --format --printf --cached',
  },
  file: {
    source: 'file(1) 5.45: -m and -C load or compile a magic file, -f names a list, -z and -Z run decompressors',
    flags:
      '-b -E -h -i -k -L -N -n -p -r -s -v -0 --brief --mime --mime-type --mime-encoding --extension --keep-going --dereference --no-dereference --no-pad --raw --special-files',
    valued: '-F --separator',
  },
  du: {
    source: 'du(1), coreutils 9.5',
    flags: `-0 -a -b -c -D -h -H -k -l -L -m -P -s -S -x --null --all --apparent-size --bytes --total --dereference-args
      --human-readable --inodes --count-links --dereference --no-dereference --separate-dirs --si --summarize --one-file-system`,
    valued: '-B -d -t --block-size --max-depth --threshold --exclude --time-style',
    optional: '--time',
  },
  df: {
    source: 'df(1), coreutils 9.5',
    flags:
      '-a -h -H -i -k -l -P -T -v --all --human-readable --si --inodes --local --no-sync --portability --sync --total --print-type',
    valued: '-B -t -x --block-size --type --exclude-type',
    optional: '--output',
  },
  date: {
    source: 'date(1), coreutils 9.5: -s and a bare operand set the clock',
    flags: '-u -R --utc --universal --rfc-email --debug',
    valued: '-d -r --date --reference --rfc-3339',
    optional: '-I --iso-8601',
    plus: true,
    operands: 0,
  },
  id: { source: 'id(1)', flags: '-a -g -G -n -r -u -z -Z --group --groups --name --real --user --zero --context' },
  whoami: { source: 'whoami(1)', operands: 0 },
  groups: { source: 'groups(1)' },
  hostname: {
    source: 'hostname(1): an operand sets the name',
    flags: '-a -A -d -f -i -I -s -y --fqdn --short --domain --ip-address --all-ip-addresses',
    operands: 0,
  },
  uname: {
    source: 'uname(1)',
    flags:
      '-a -s -n -r -v -m -p -i -o --all --kernel-name --nodename --kernel-release --kernel-version --machine --processor --hardware-platform --operating-system',
    operands: 0,
  },
  uptime: { source: 'uptime(1)', flags: '-p -s -r --pretty --since --raw', operands: 0 },
  nproc: { source: 'nproc(1)', flags: '--all', valued: '--ignore', operands: 0 },
  who: { source: 'who(1)', flags: '-a -b -d -H -l -m -p -q -r -s -t -T -u -w --all --boot --count --heading' },
  sleep: { source: 'sleep(1)' },
  cmp: {
    source: 'cmp(1)',
    flags: '-b -l -s --print-bytes --verbose --quiet --silent',
    valued: '-i -n --ignore-initial --bytes',
  },
  diff: {
    source: 'diff(1), diffutils 3.10: -l runs pr, --to-file and --from-file read',
    flags: `-a -b -B -c -d -e -E -i -n -N -p -q -r -s -t -T -u -w -y -Z --normal --brief --report-identical-files --ed --rcs --side-by-side
      --show-c-function --expand-tabs --initial-tab --recursive --no-dereference --new-file --ignore-case --ignore-file-name-case
      --ignore-tab-expansion --ignore-trailing-space --ignore-space-change --ignore-all-space --ignore-blank-lines --text
      --strip-trailing-cr --minimal --speed-large-files --suppress-common-lines`,
    valued: '-C -I -L -U -W -x -F --label --width --exclude --ignore-matching-lines --tabsize --horizon-lines',
    optional: '--unified --context --color',
    operands: 2,
  },
};
