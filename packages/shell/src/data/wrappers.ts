/** How a program that runs the rest of its words as a command reads its own options. */
export interface PrefixWrapper {
  /** Short options without a value. */
  flags: string;
  /** Short options whose value is the rest of the word or the next word. */
  values: string;
  /** Short options whose value, if any, is attached. */
  optional?: string;
  longFlags?: string;
  /** Long options whose value may be the next word. */
  longValues?: string;
  /** Words between the options and the command. */
  positionals?: number;
  /** `NAME=value` words before the command are assignments. */
  assignments?: true;
  /** `-5` is an option. */
  numeric?: true;
  /** Options (letters and long names) that make the rest something other than a command (`command -v`). */
  notACommand?: string;
  /** Options (letters and long names) that start a shell when no command follows. */
  startsShell?: string;
  /** A shell reads the words joined by blanks, unless one of these options is given. */
  joinedUnless?: string;
  /** Without a command it starts a shell. */
  shellByDefault?: true;
}

/**
 * Programs that run another command given in their own words. An option that is not listed makes the wrapper opaque, so
 * a new version's option costs a prompt and never hides a command.
 *
 * Sources: the manuals of sudo 1.9, OpenDoas, coreutils 9, util-linux 2.41, bash 5.3, strace 6, ltrace 0.7, GNU time 1.9,
 * procps-ng 4, polkit, and the named tools' own pages.
 */
export const PREFIX_WRAPPERS: ReadonlyMap<string, PrefixWrapper> = new Map<string, PrefixWrapper>([
  [
    'sudo',
    {
      flags: 'ABbEHikKNnPSsvVl',
      values: 'aCcDghpRrTtUu',
      longFlags:
        'askpass bell background preserve-env set-home login remove-timestamp reset-timestamp no-update non-interactive preserve-groups stdin shell validate version list',
      longValues:
        'auth-type close-from login-class chdir group host prompt chroot role command-timeout type other-user user',
      assignments: true,
      notACommand: 'l v V K list validate version remove-timestamp',
      startsShell: 'i s login shell',
    },
  ],
  ['doas', { flags: 'Lns', values: 'aCu', startsShell: 's', notACommand: 'L' }],
  [
    'sudo-rs',
    {
      flags: 'bEHikKnSsvVl',
      values: 'CDghpRTUu',
      assignments: true,
      startsShell: 'i s login shell',
      notACommand: 'l v V K list validate version remove-timestamp',
    },
  ],
  [
    'pkexec',
    { flags: '', values: '', longFlags: 'disable-internal-agent keep-cwd', longValues: 'user', shellByDefault: true },
  ],
  ['gosu', { flags: '', values: '', positionals: 1 }],
  ['su-exec', { flags: '', values: '', positionals: 1 }],
  ['nice', { flags: '', values: 'n', longValues: 'adjustment', numeric: true }],
  ['nohup', { flags: '', values: '' }],
  [
    'timeout',
    {
      flags: 'fpv',
      values: 'ks',
      longFlags: 'foreground preserve-status verbose',
      longValues: 'kill-after signal',
      positionals: 1,
    },
  ],
  ['stdbuf', { flags: '', values: 'ioe', longValues: 'input output error' }],
  ['setsid', { flags: 'cfw', values: '', longFlags: 'ctty fork wait' }],
  [
    'ionice',
    {
      flags: 't',
      values: 'cnpPu',
      longFlags: 'ignore',
      longValues: 'class classdata pid pgid uid',
      notACommand: 'p P u pid pgid uid',
    },
  ],
  [
    'chrt',
    {
      flags: 'abefimoRrv',
      values: 'DPTp',
      longFlags: 'all-tasks batch ext fifo idle max other reset-on-fork rr verbose deadline',
      longValues: 'pid sched-runtime sched-period sched-deadline',
      positionals: 1,
      notACommand: 'p m pid max',
    },
  ],
  ['taskset', { flags: 'ac', values: 'p', longFlags: 'all-tasks cpu-list', positionals: 1, notACommand: 'p pid' }],
  [
    'numactl',
    {
      flags: 'abHsl',
      values: 'CNimpPrw',
      longFlags: 'all localalloc',
      longValues: 'interleave membind cpunodebind physcpubind preferred',
    },
  ],
  [
    'chroot',
    {
      flags: '',
      values: '',
      longFlags: 'skip-chdir',
      longValues: 'groups userspec',
      positionals: 1,
      shellByDefault: true,
    },
  ],
  [
    'unshare',
    {
      flags: 'fcr',
      optional: 'imnpuUCT',
      values: 'GlRSw',
      longFlags:
        'fork map-root-user map-current-user map-auto keep-caps kill-child mount uts ipc net pid user cgroup time mount-proc forward-signals',
      longValues:
        'root wd setuid setgid map-user map-group map-users map-groups propagation setgroups monotonic boottime load-interp',
      shellByDefault: true,
    },
  ],
  [
    'nsenter',
    {
      flags: 'aFcZ',
      optional: 'imnpuUCTrw',
      values: 'tGSWN',
      longFlags:
        'all no-fork follow-context preserve-credentials user-parent join-cgroup env mount uts ipc net pid user cgroup time root wd',
      longValues: 'target setuid setgid wdns net-socket',
      shellByDefault: true,
    },
  ],
  [
    'strace',
    {
      flags: 'AcCdDfFhiknNqrtTvVwxyYzZ',
      values: 'abeEIoOpPsSuUX',
      longFlags: 'daemonize follow-forks output-separately summary-only summary seccomp-bpf',
    },
  ],
  ['ltrace', { flags: 'bcCfhiLrStTV', values: 'aADeFlnopsuwx' }],
  [
    'time',
    { flags: 'apqvV', values: 'fo', longFlags: 'append portability quiet verbose', longValues: 'format output' },
  ],
  ['command', { flags: 'pvV', values: '', notACommand: 'v V' }],
  ['builtin', { flags: '', values: '' }],
  ['exec', { flags: 'cl', values: 'a' }],
  ['nocorrect', { flags: '', values: '' }],
  ['noglob', { flags: '', values: '' }],
  ['busybox', { flags: '', values: '', longFlags: 'list list-full', shellByDefault: true }],
  ['toybox', { flags: '', values: '', longFlags: 'long' }],
  [
    'setarch',
    { flags: '3BFILRSTXZv', values: 'p', longFlags: 'addr-no-randomize', positionals: 1, shellByDefault: true },
  ],
  ['linux32', { flags: '3BFILRSTXZv', values: '', shellByDefault: true }],
  ['linux64', { flags: '3BFILRSTXZv', values: '', shellByDefault: true }],
  [
    'fakeroot',
    { flags: 'uhv', values: 'lfisb', longFlags: 'unknown-is-real', longValues: 'lib faked', shellByDefault: true },
  ],
  ['catchsegv', { flags: '', values: '' }],
  ['eatmydata', { flags: '', values: '' }],
  ['nocache', { flags: '', values: 'n' }],
  ['unbuffer', { flags: 'p', values: '' }],
  ['rlwrap', { flags: 'acEhiImNnorRUuvW', values: 'bCDefFgHlMOPqsStwz' }],
  ['torsocks', { flags: 'ioq', values: 'adPpu', shellByDefault: true }],
  ['torify', { flags: '', values: '' }],
  ['proxychains', { flags: 'q', values: 'f' }],
  ['proxychains4', { flags: 'q', values: 'f' }],
  ['tsocks', { flags: '', values: '', shellByDefault: true }],
  ['caffeinate', { flags: 'dimsu', values: 'tw' }],
  ['dbus-run-session', { flags: '', values: '', longValues: 'config-file dbus-daemon' }],
  ['dbus-launch', { flags: '', values: '', longFlags: 'exit-with-session sh-syntax' }],
  [
    'xvfb-run',
    {
      flags: 'al',
      values: 'efnpsw',
      longFlags: 'auto-servernum listen-tcp',
      longValues: 'error-file auth-file server-num xauth-protocol server-args wait',
    },
  ],
  ['cpulimit', { flags: 'bfmqrsvz', values: 'lpec', notACommand: 'p e' }],
  [
    'prlimit',
    { flags: '', values: 'p', longFlags: 'noheadings raw verbose', longValues: 'pid output', notACommand: 'p pid' },
  ],
  ['choom', { flags: '', values: 'np', longValues: 'adjust pid', notACommand: 'p pid' }],
  ['schedtool', { flags: '', values: '' }],
  [
    'systemd-run',
    {
      flags: 'GdPqrSt',
      values: 'CEHMpu',
      longFlags:
        'user system scope collect wait pty pipe quiet remain-after-exit send-sighup no-ask-password no-block same-dir shell slice-inherit expand-environment',
      longValues:
        'unit property description slice setenv working-directory uid gid nice service-type host machine on-active on-boot on-calendar timer-property',
      startsShell: 'S shell',
    },
  ],
  [
    'watch',
    {
      flags: 'bcCdegprtvwx',
      values: 'nqs',
      longFlags: 'beep color no-color differences errexit chgexit precise no-rerun no-title no-wrap exec',
      longValues: 'interval equexit shotsdir',
      joinedUnless: 'x exec',
    },
  ],
  ['entr', { flags: 'acdnprxz', values: '' }],
  [
    'env',
    {
      flags: 'i0v',
      values: 'uCPa',
      longFlags: 'ignore-environment null debug list-signal-handling',
      longValues: 'unset chdir argv0',
      optional: '',
      assignments: true,
    },
  ],
]);
