import { baseName, unversionedName } from '../guard/program-name.js';
import type { CommandWords } from './command-words.js';
import { GIT_RISKS } from './git-risks.js';
import { OPERATIONS_RISKS } from './operations-risks.js';
import { changes, firstIs, gone, hasShort, hasWord, type ProgramRisk, shows } from './program-risk.js';
import type { RiskSignal } from './signal.js';

const isRecursive = (words: CommandWords): boolean => hasShort(words, /[rR]/) || hasWord(words, /^--recursive/);
const isBroad = (words: CommandWords): boolean =>
  words.operands.some((path) => /^(\/|~|\/[^/]+\/?|\.|\.\.|\*)$/.test(path));
const prints = (words: CommandWords, printing: RegExp): boolean =>
  words.options.length > 0 && words.options.every((option) => printing.test(option));

/** By program; the weightiest that holds counts. */
const PROGRAM_RISKS: readonly ProgramRisk[] = [
  {
    programs: 'rm',
    when: (words) => isRecursive(words) && isBroad(words),
    signal: gone(100, 'It deletes a whole top-level folder.'),
  },
  { programs: 'rm', when: isRecursive, signal: gone(70, 'It deletes folders with everything in them.') },
  { programs: 'rm unlink rmdir', signal: gone(50, 'It deletes files.') },
  { programs: 'shred wipefs blkdiscard badblocks', signal: gone(90, 'It destroys data beyond recovery.') },
  { programs: 'mkfs mkswap fdisk sfdisk gdisk sgdisk parted cfdisk', signal: gone(95, 'It rewrites a disk.') },
  {
    programs: 'lvremove vgremove pvremove zpool zfs mdadm cryptsetup',
    signal: gone(85, 'It changes or removes storage.'),
  },
  { programs: 'dd', when: (words) => hasWord(words, /^of=\/dev\//), signal: gone(95, 'It writes over a device.') },
  { programs: 'dd truncate', signal: gone(55, 'It writes over a file.') },
  {
    programs: 'find',
    when: (words) => hasWord(words, /^-delete$/),
    signal: gone(70, 'It deletes every file that it finds.'),
  },
  {
    programs: 'shutdown reboot halt poweroff init telinit kexec',
    signal: changes(75, 'It stops or restarts the machine.'),
  },
  { programs: 'kill pkill killall xkill skill', signal: changes(45, 'It ends running processes.') },
  {
    programs: 'mysql mariadb psql sqlite3 mongosh sqlcmd',
    when: (words) => hasWord(words, /\b(drop|truncate|delete|alter|grant)\b/i),
    signal: gone(70, 'Its statement deletes or restructures data.'),
  },
  { programs: 'mysql mariadb psql sqlite3 mongosh redis-cli sqlcmd', signal: changes(40, 'It talks to a database.') },
  { programs: 'dropdb dropuser', signal: gone(85, 'It drops a database or its owner.') },
  {
    programs: 'redis-cli',
    when: (words) => hasWord(words, /^(flushall|flushdb|del|shutdown)$/i),
    signal: gone(75, 'It empties a database.'),
  },
  { programs: 'userdel groupdel deluser delgroup', signal: gone(65, 'It removes an account.') },
  {
    programs: 'useradd adduser usermod passwd chpasswd groupmod gpasswd visudo',
    signal: changes(65, 'It changes who may do what on the machine.'),
  },
  {
    programs: 'chmod',
    when: (words) => hasWord(words, /^([2467]\d{3}|0?777|[ugoa]*[+=][rwxX]*s.*)$/),
    signal: changes(65, 'It gives away write access or set-user-id rights.'),
  },
  {
    programs: 'chmod chown chgrp setfacl chattr',
    when: isRecursive,
    signal: changes(50, 'It changes the rights of a whole folder.'),
  },
  { programs: 'chmod chown chgrp setfacl chattr setcap', signal: changes(35, 'It changes rights.') },
  { programs: 'iptables ip6tables nft ufw firewall-cmd', signal: changes(65, 'It changes the firewall.') },
  {
    programs: 'mount umount swapoff swapon sysctl modprobe insmod rmmod',
    signal: changes(55, 'It changes the running system.'),
  },
  {
    programs: 'apt apt-get dpkg yum dnf rpm zypper apk pacman snap brew',
    when: (words) =>
      hasWord(
        words,
        /^(install|remove|purge|upgrade|dist-upgrade|autoremove|erase|-i|-r|-e|add|del|-S.*|-R.*|localinstall)$/,
      ),
    signal: changes(55, 'It installs or removes system packages, which run code as root.'),
  },
  {
    programs: 'pip npm pnpm yarn gem cargo go pipx uv composer bun',
    when: (words) => firstIs(words, /^(install|i|add|ci|get|dlx|exec|x)$/),
    signal: changes(45, 'It fetches packages, which may run code on installation.'),
  },
  { programs: 'npx bunx uvx pnpx', signal: changes(50, 'It fetches a package and runs it.') },
  { programs: 'ssh mosh autossh rsh', signal: changes(45, 'It works on another machine.') },
  { programs: 'scp sftp rsync rclone ftp lftp', signal: changes(45, 'It copies files from or to another machine.') },
  { programs: 'nc ncat netcat socat telnet', signal: gone(60, 'It opens a raw network connection.') },
  {
    programs: 'curl wget http https xh',
    when: (words) =>
      hasWord(
        words,
        /^(-d.*|--data.*|-F.*|--form.*|-T.*|--upload-file.*|--post-.*|-XPOST|-XPUT|-XDELETE|-XPATCH|POST|PUT|DELETE|PATCH)$/,
      ),
    signal: gone(55, 'It sends data over the network.'),
  },
  { programs: 'curl wget http https xh', signal: { weight: 30, reason: 'It fetches from the network.' } },
  { programs: 'eval source .', signal: changes(55, 'It runs text as code.') },
  { programs: 'printenv', signal: shows(35, 'It prints the environment, which may hold secrets.') },
  {
    programs: 'getent',
    when: (words) => firstIs(words, /^g?shadow$/),
    signal: shows(60, 'It shows where credentials are kept.'),
  },
  {
    programs: 'rsync',
    when: (words) => hasShort(words, /^-[a-zA-Z]*e/),
    signal: changes(55, 'An option makes it run another program.'),
  },
  {
    programs: 'env',
    when: ({ all }) => all.length === 1,
    signal: shows(35, 'It prints the environment, which may hold secrets.'),
  },
  {
    programs: 'gpg pass vault op security secret-tool',
    signal: { weight: 50, reason: 'It works with stored secrets.' },
  },
  {
    programs: 'sh bash dash zsh fish ksh csh tcsh python perl ruby node php lua deno bun',
    when: (words) => hasShort(words, /[ceEr]/),
    signal: changes(40, 'It runs code given on the line.'),
  },
  {
    programs: 'sh bash dash zsh fish ksh csh tcsh python perl ruby node php lua deno bun',
    signal: changes(40, 'It runs a script or an interpreter.'),
  },
  { programs: 'mv cp ln install tee split touch mkdir', signal: changes(30, 'It writes files.') },
  {
    programs: 'make cmake ninja gradle mvn cargo tox',
    signal: changes(30, 'It builds, and so runs what the project says.'),
  },
  {
    programs: 'crontab',
    when: (words) => !prints(words, /^-l$/) || words.operands.length > 0,
    signal: changes(60, 'It schedules something to run later.'),
  },
  { programs: 'at batch', signal: changes(60, 'It schedules something to run later.') },
  { programs: 'sudo doas runuser pkexec sudo-rs gosu su-exec su', signal: changes(50, 'It runs with other rights.') },
  {
    programs: 'rsync',
    when: (words) => hasWord(words, /^--del/),
    signal: gone(60, 'It deletes files at the destination.'),
  },
  { programs: 'setcap', signal: changes(65, 'It gives a program rights of the administrator.') },
  { programs: 'setenforce', signal: changes(65, 'It switches protection of the machine off or on.') },
  {
    programs: 'ip',
    when: ({ operands }) =>
      operands
        .slice(1)
        .some((word) => /^(a|add|append|c|change|d|del|delete|f|flush|rep|replace|set|exec)$/.test(word)),
    signal: changes(55, 'It changes the network of the machine.'),
  },
  {
    programs: 'ss',
    when: (words) => hasShort(words, /K/) || hasWord(words, /^--ki/),
    signal: gone(55, 'It ends network connections.'),
  },
  {
    programs: 'date',
    when: (words) => hasShort(words, /^-[uR]*s/) || hasWord(words, /^(--se|\d{8})/),
    signal: changes(45, 'It sets the clock.'),
  },
  {
    programs: 'hostname',
    when: (words) => words.operands.length > 0 || hasShort(words, /[Fb]/) || hasWord(words, /^--(fil|boo)/),
    signal: changes(45, 'It renames the machine.'),
  },
  {
    programs: 'file',
    when: (words) => hasShort(words, /[Cm]/) || hasWord(words, /^--(comp|magic)/),
    signal: gone(55, 'It loads or compiles rules from a file.'),
  },
  { programs: 'hostnamectl timedatectl localectl loginctl networkctl', signal: changes(45, 'It changes the machine.') },
];

const BY_PROGRAM: ReadonlyMap<string, readonly ProgramRisk[]> = groupByProgram();

function groupByProgram(): Map<string, ProgramRisk[]> {
  const grouped = new Map<string, ProgramRisk[]>();
  for (const risk of [...PROGRAM_RISKS, ...GIT_RISKS, ...OPERATIONS_RISKS])
    for (const program of risk.programs.split(' ')) grouped.set(program, [...(grouped.get(program) ?? []), risk]);
  return grouped;
}

/** The weightiest risk known for a command by its program; null for a program about which nothing is known. */
export function programSignal(words: CommandWords): RiskSignal | null {
  let worst: RiskSignal | null = null;
  for (const risk of risksOf(words.program))
    if ((risk.when?.(words) ?? true) && (worst === null || risk.signal.weight > worst.weight)) worst = risk.signal;
  return worst;
}

/** The full name counts first: `base64` is no version 64 of `base`. */
function risksOf(program: string): readonly ProgramRisk[] {
  const name = baseName(program);
  return BY_PROGRAM.get(name.startsWith('mkfs.') ? 'mkfs' : name) ?? BY_PROGRAM.get(unversionedName(name)) ?? [];
}
