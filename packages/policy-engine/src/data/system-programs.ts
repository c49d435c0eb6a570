import type { ProgramOptions } from '../guard/option-table.js';

const UNITS = '-t --type --state';

/** Unit names only: a unit's file is found in the unit path, never named by a word here. */
const unitChange = { spelled: true, flags: '-q --quiet --no-block --wait' };

export const SYSTEM_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  systemctl: {
    source: 'systemctl(1) 256; the pager starts only on a terminal; -H, -M, --root, --image and edit are left out',
    flags: '--no-pager -l --full -q --quiet --no-legend --all -a --plain',
    subcommands: {
      status: {
        flags: '--no-pager -l -a -q --full --all --no-legend --plain',
        valued: `-n -o --lines --output ${UNITS}`,
      },
      start: unitChange,
      stop: unitChange,
      restart: unitChange,
      reload: unitChange,
      'try-restart': unitChange,
      'reload-or-restart': unitChange,
      'is-active': { flags: '-q --quiet' },
      'is-enabled': { flags: '-q -l --quiet --full' },
      'is-failed': { flags: '-q --quiet' },
      show: { flags: '--no-pager -a --all --value', valued: '-p -P --property' },
      cat: { flags: '--no-pager' },
      'list-units': { flags: '--no-pager -l -a -q --full --all --no-legend --plain --failed', valued: UNITS },
      'list-unit-files': { flags: '--no-pager -l -q --full --no-legend', valued: UNITS },
      'list-timers': { flags: '--no-pager -l -a -q --full --all --no-legend' },
      'list-sockets': { flags: '--no-pager -l -a -q --full --all --no-legend' },
      'list-dependencies': { flags: '--no-pager -l -a --full --all --reverse --plain', valued: UNITS },
    },
  },
  journalctl: {
    source:
      'journalctl(1) 256; --root, --image, -D, --file, --rotate, --vacuum-*, --flush, --sync and --cursor-file are left out',
    flags: `-a -b -e -f -k -l -m -q -r -x --all --catalog --dmesg --follow --full --merge --no-full --no-hostname --no-pager --no-tail
      --pager-end --quiet --reverse --utc --list-boots --disk-usage`,
    valued:
      '-g -o -p -S -t -u -U --grep --identifier --output --output-fields --priority --since --unit --until --user-unit --facility',
    optional: '--boot --case-sensitive',
    optionalNumber: '-n --lines',
  },
  ps: {
    source: 'ps(1), procps-ng 4: every word selects or formats',
    flags: '-A -a -c -d -e -f -F -H -j -l -L -m -M -N -T -w -x -y -Z --forest --headers --no-headers --deselect',
    valued:
      '-C -g -G -o -O -p -s -t -u -U --cols --columns --format --group --Group --lines --pid --ppid --quick-pid --rows --sid --sort --tty --user --User --width',
  },
  pgrep: {
    source: 'pgrep(1), procps-ng 4',
    flags:
      '-a -c -f -i -l -n -o -v -w -x -A --list-full --count --full --ignore-case --list-name --newest --oldest --inverse --lightweight --exact',
    valued:
      '-d -g -G -O -P -r -s -t -u -U --delimiter --pgroup --group --older --parent --runstates --session --terminal --euid --uid',
  },
  free: {
    source: 'free(1)',
    flags: '-b -k -m -g -h -l -t -v -w --bytes --kibi --mebi --gibi --human --lohi --total --wide --si',
    valued: '-c -s --count --seconds',
    operands: 0,
  },
  vmstat: { source: 'vmstat(8)', flags: '-a -d -D -f -m -n -s -t -w', valued: '-p -S' },
  iostat: { source: 'iostat(1)', flags: '-c -d -h -k -m -N -p -t -x -y -z' },
  lsblk: {
    source: 'lsblk(8)',
    flags:
      '-a -b -d -f -i -J -l -m -n -N -p -P -r -s -S -t -z --all --bytes --nodeps --fs --json --list --noheadings --paths --pairs --raw --topology',
    valued: '-e -I -o -x --exclude --include --output --sort',
  },
  lscpu: { source: 'lscpu(1)', flags: '-a -b -c -J -x -y --all --online --offline --json', operands: 0 },
  lsof: {
    source: 'lsof(8): -D and -m name files; values of -g and -s are optional',
    flags: '-a -b -h -l -n -N -O -P -R -t -U -V -w -X',
    valued: '-c -d -p -u',
    optional: '-g -s',
  },
  ss: {
    source:
      'ss(8), iproute2 6: -K kills sockets, -D dumps to a file, -F reads a filter, -N enters a namespace: left out',
    flags:
      '-0 -4 -6 -a -b -d -e -H -i -l -L -m -M -n -o -O -p -q -r -s -S -t -T -u -w -x -z -Z --all --listening --tcp --udp --unix --processes --numeric --summary --extended --no-header --oneline',
    valued: '-A -f --family --query',
  },
  netstat: { source: 'netstat(8)', flags: '-a -c -e -g -i -l -M -n -N -o -p -r -s -t -u -v -w -x -4 -6', operands: 0 },
  env: {
    source: 'env(1): without a command it prints; assignments and commands are judged apart',
    flags: '-0 --null',
    operands: 0,
  },
  printenv: { source: 'printenv(1)', flags: '-0 --null' },
  getent: { source: 'getent(1)', flags: '-i --no-idn', valued: '-s --service' },
  locale: { source: 'locale(1)', flags: '-a -c -k -m -v' },
  which: { source: 'which(1)', flags: '-a -s' },
  whereis: { source: 'whereis(1)', flags: '-b -m -s -u' },
  type: { source: 'bash(1)', flags: '-a -f -p -P -t' },
  host: { source: 'host(1), BIND 9', flags: '-a -C -d -l -r -s -T -v -w -4 -6', valued: '-c -N -R -t -W -m' },
  nslookup: { source: 'nslookup(1): with an operand it asks once', operands: 2 },
  ping: {
    source: 'ping(8), iputils',
    flags: '-4 -6 -a -A -b -d -D -L -n -O -q -r -R -U -v',
    valued: '-c -i -I -l -m -M -p -Q -s -S -t -T -w -W',
    operands: 1,
  },
  timeout: {
    source: 'timeout(1): its command is judged apart',
    flags: '-f -p -v --foreground --preserve-status --verbose',
    valued: '-k -s --kill-after --signal',
    operands: 1,
  },
  nice: { source: 'nice(1): its command is judged apart', valued: '-n --adjustment', numeric: true, operands: 0 },
  nohup: { source: 'nohup(1): its command is judged apart', operands: 0 },
  stdbuf: {
    source: 'stdbuf(1): its command is judged apart',
    valued: '-i -o -e --input --output --error',
    operands: 0,
  },
  xargs: {
    source: 'xargs(1), findutils 4.10: its command is judged apart; -a, -I and -i are left out',
    flags: '-0 -r -t -x --null --no-run-if-empty --verbose --exit',
    valued: '-L -n -P -s --max-args --max-procs --max-chars',
    optional: '--max-lines',
    operands: 0,
  },
};
