import type { RiskSignal } from './signal.js';

/** A command's literal words behind the program; words that are not literal are left out. */
export interface CommandWords {
  program: string;
  operands: readonly string[];
  options: readonly string[];
  all: readonly string[];
}

interface ProgramRisk {
  programs: string;
  /** Absent: always. */
  when?: (words: CommandWords) => boolean;
  signal: RiskSignal;
}

const hasShort = ({ options }: CommandWords, letters: RegExp): boolean =>
  options.some((option) => /^-[A-Za-z]/.test(option) && letters.test(option));
const hasWord = ({ all }: CommandWords, words: RegExp): boolean => all.some((word) => words.test(word));
const starts = ({ operands }: CommandWords, ...words: readonly string[]): boolean =>
  words.every((word, at) => operands[at] === word);
const firstIs = ({ operands }: CommandWords, words: RegExp): boolean => words.test(operands[0] ?? '');

const isRecursive = (words: CommandWords): boolean => hasShort(words, /[rR]/) || hasWord(words, /^--recursive/);
const isBroad = (words: CommandWords): boolean =>
  words.operands.some((path) => /^(\/|~|\/[^/]+\/?|\.|\.\.|\*)$/.test(path));

const gone = (weight: number, reason: string): RiskSignal => ({ weight, reason, reversible: 'no' });
const changes = (weight: number, reason: string): RiskSignal => ({ weight, reason, reversible: 'partly' });

/** By program, the weightiest first within one program; the first that holds counts. */
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
    programs: 'git',
    when: (words) => starts(words, 'push') && hasWord(words, /^(-f|--force.*|--mirror|--delete|-d|\+.*)$/),
    signal: gone(65, 'It overwrites history on the remote.'),
  },
  {
    programs: 'git',
    when: (words) =>
      (starts(words, 'reset') && hasWord(words, /^--hard$/)) || (starts(words, 'clean') && hasShort(words, /f/)),
    signal: gone(55, 'It throws away uncommitted work.'),
  },
  { programs: 'git', when: (words) => starts(words, 'push'), signal: changes(40, 'It publishes commits.') },
  {
    programs: 'kubectl oc',
    when: (words) => firstIs(words, /^(delete|drain|replace)$/),
    signal: gone(70, 'It deletes or evicts cluster objects.'),
  },
  {
    programs: 'kubectl oc',
    when: (words) =>
      firstIs(words, /^(apply|create|patch|edit|scale|rollout|set|label|annotate|cordon|taint|run|expose|autoscale)$/),
    signal: changes(45, 'It changes the cluster.'),
  },
  {
    programs: 'kubectl oc',
    when: (words) => firstIs(words, /^(exec|cp|attach|port-forward|proxy|debug)$/),
    signal: changes(55, 'It reaches into a running container.'),
  },
  {
    programs: 'helm',
    when: (words) => firstIs(words, /^(uninstall|delete|rollback)$/),
    signal: gone(65, 'It removes or rolls back a release.'),
  },
  {
    programs: 'helm',
    when: (words) => firstIs(words, /^(install|upgrade)$/),
    signal: changes(45, 'It changes a release.'),
  },
  {
    programs: 'terraform tofu terragrunt pulumi',
    when: (words) => hasWord(words, /^(-?destroy|down)$/),
    signal: gone(90, 'It destroys infrastructure.'),
  },
  {
    programs: 'terraform tofu terragrunt pulumi',
    when: (words) => firstIs(words, /^(apply|up|import|state|taint)$/),
    signal: changes(60, 'It changes infrastructure.'),
  },
  {
    programs: 'docker podman',
    when: (words) => hasWord(words, /^(prune|rm|rmi|kill|down)$/),
    signal: gone(55, 'It removes containers, images or volumes.'),
  },
  {
    programs: 'docker podman',
    when: (words) =>
      firstIs(words, /^(run|exec)$/) &&
      hasWord(words, /^(--privileged|--pid=host|--net(work)?=host|\/:.*|--volume=\/:.*)$/),
    signal: changes(80, 'It gives a container the run of the host.'),
  },
  {
    programs: 'docker podman',
    when: (words) => firstIs(words, /^(run|exec)$/),
    signal: changes(45, 'It runs a program in a container.'),
  },
  {
    programs: 'docker podman',
    when: (words) => firstIs(words, /^(stop|restart|start|pause|build|pull|push|tag|compose|load|import|cp)$/),
    signal: changes(35, 'It changes containers or images.'),
  },
  {
    programs: 'aws gcloud az',
    when: (words) => hasWord(words, /^(delete.*|terminate.*|remove.*|rb|rm|purge)$/),
    signal: gone(75, 'It deletes cloud resources.'),
  },
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
  {
    programs: 'systemctl service',
    when: (words) => hasWord(words, /^(stop|disable|mask|kill|isolate)$/),
    signal: changes(55, 'It stops a service.'),
  },
  {
    programs: 'systemctl',
    when: (words) => hasWord(words, /^(enable|link|edit|set-environment|preset)$/),
    signal: changes(55, 'It changes what starts with the machine.'),
  },
  {
    programs: 'systemctl service',
    when: (words) => hasWord(words, /^(restart|reload|start|try-restart|reload-or-restart)$/),
    signal: changes(40, 'It restarts a service.'),
  },
  { programs: 'crontab at batch', signal: changes(60, 'It schedules something to run later.') },
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
  { programs: 'sudo doas su runuser pkexec sudo-rs gosu su-exec', signal: changes(50, 'It runs with other rights.') },
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
  {
    programs: 'env printenv',
    when: ({ all }) => all.length === 1,
    signal: { weight: 35, reason: 'It prints the environment, which may hold secrets.' },
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
    programs: 'sed',
    when: (words) => hasShort(words, /i/) || hasWord(words, /^--in-place/),
    signal: gone(40, 'It rewrites files in place.'),
  },
  {
    programs: 'make cmake ninja gradle mvn cargo tox',
    signal: changes(30, 'It builds, and so runs what the project says.'),
  },
  {
    programs: 'git',
    when: (words) =>
      firstIs(
        words,
        /^(commit|add|merge|rebase|checkout|switch|pull|fetch|clone|stash|cherry-pick|revert|restore|mv|rm|init|submodule)$/,
      ),
    signal: changes(30, 'It changes a work tree.'),
  },
];

const BY_PROGRAM: ReadonlyMap<string, readonly ProgramRisk[]> = groupByProgram();

function groupByProgram(): Map<string, ProgramRisk[]> {
  const grouped = new Map<string, ProgramRisk[]>();
  for (const risk of PROGRAM_RISKS)
    for (const program of risk.programs.split(' ')) grouped.set(program, [...(grouped.get(program) ?? []), risk]);
  return grouped;
}

/** The weightiest risk known for a command by its program; null for a program about which nothing is known. */
export function programSignal(words: CommandWords): RiskSignal | null {
  const name = words.program.startsWith('mkfs.') ? 'mkfs' : words.program;
  let worst: RiskSignal | null = null;
  for (const risk of BY_PROGRAM.get(name) ?? [])
    if ((risk.when?.(words) ?? true) && (worst === null || risk.signal.weight > worst.weight)) worst = risk.signal;
  return worst;
}
