// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these strings are shell code
import { describe, expect, it } from '@jest/globals';
import { analyze } from '../analyze.js';

/** Every command inside the first one, nested ones included. */
const inside = (source: string) => analyze(source).commands.slice(1);
const argvInside = (source: string) => inside(source).map(({ argv, text }) => argv ?? text);

describe('a wrapper whose words are all known', () => {
  it.each<[string, string[], string[][]]>([
    ['sudo ls -l', ['sudo'], [['ls', '-l']]],
    ['sudo -u www -n ls', ['sudo', '-u', 'www', '-n'], [['ls']]],
    ['sudo -uwww ls', ['sudo', '-uwww'], [['ls']]],
    ['sudo --user=www -- ls', ['sudo', '--user=www', '--'], [['ls']]],
    ['sudo --use www ls', ['sudo', '--use', 'www'], [['ls']]],
    ['/usr/bin/sudo /bin/rm x', ['/usr/bin/sudo'], [['/bin/rm', 'x']]],
    ['SUDO rm x', ['SUDO'], [['rm', 'x']]],
    ['doas -u www ls', ['doas', '-u', 'www'], [['ls']]],
    ['env ls', ['env'], [['ls']]],
    ['env -i -u X -C /tmp A=1 ls', ['env', '-i', '-u', 'X', '-C', '/tmp', 'A=1'], [['ls']]],
    ["env -S 'ls -l' x", ['env', '-S', 'ls -l'], [['ls', '-l', 'x']]],
    ["env -iS'ls -l'", ['env', '-iSls -l'], [['ls', '-l']]],
    ["env --split-string='A=1 ls'", ['env', '--split-string=A=1 ls'], [['ls']]],
    ['env ls -S x', ['env'], [['ls', '-S', 'x']]],
    ['nice -n 5 ls', ['nice', '-n', '5'], [['ls']]],
    ['nice -5 ls', ['nice', '-5'], [['ls']]],
    ['nohup ls', ['nohup'], [['ls']]],
    ['timeout -k 5 -s KILL 10s ls', ['timeout', '-k', '5', '-s', 'KILL', '10s'], [['ls']]],
    ['stdbuf -oL -e 0 ls', ['stdbuf', '-oL', '-e', '0'], [['ls']]],
    ['setsid -w ls', ['setsid', '-w'], [['ls']]],
    ['ionice -c2 -n 7 ls', ['ionice', '-c2', '-n', '7'], [['ls']]],
    ['chroot --userspec=a:b /mnt ls', ['chroot', '--userspec=a:b', '/mnt'], [['ls']]],
    ['unshare -rm --root=/x ls', ['unshare', '-rm', '--root=/x'], [['ls']]],
    ['nsenter -t 1 -m ls', ['nsenter', '-t', '1', '-m'], [['ls']]],
    ['strace -f -o out ls', ['strace', '-f', '-o', 'out'], [['ls']]],
    ['\\time -p ls', ['time', '-p'], [['ls']]],
    ['command -p ls', ['command', '-p'], [['ls']]],
    ['builtin echo x', ['builtin'], [['echo', 'x']]],
    ['exec -a name ls', ['exec', '-a', 'name'], [['ls']]],
    ['busybox ls', ['busybox'], [['ls']]],
    ['taskset -c 0 ls', ['taskset', '-c', '0'], [['ls']]],
    ['flock /tmp/l ls', ['flock', '/tmp/l'], [['ls']]],
    ["flock -n /tmp/l -c 'ls; rm x'", ['flock', '-n', '/tmp/l', '-c'], [['ls'], ['rm', 'x']]],
    ["sh -c 'ls; rm x'", ['sh', '-c'], [['ls'], ['rm', 'x']]],
    ['bash -lc ls', ['bash', '-lc'], [['ls']]],
    ['bash ls -l', ['bash'], [['./ls', '-l']]],
    ['bash /srv/x.sh', ['bash'], [['/srv/x.sh']]],
    ['bash -x ./script.sh -c a', ['bash', '-x'], [['./script.sh', '-c', 'a']]],
    ['bash -xeo pipefail -c ls', ['bash', '-xeo', 'pipefail', '-c'], [['ls']]],
    ['bash --norc -c ls x y', ['bash', '--norc', '-c', 'x', 'y'], [['ls']]],
    ['bash-5.2 -c ls', ['bash-5.2', '-c'], [['ls']]],
    ["zsh -c 'ls -l'", ['zsh', '-c'], [['ls', '-l']]],
    ["fish -c 'ls -l'", ['fish', '-c'], [['ls', '-l']]],
    ['ssh -p 22 me@host ls -l', ['ssh', '-p', '22', 'me@host'], [['ls', '-l']]],
    ["ssh host -p 22 'ls && rm x'", ['ssh', 'host', '-p', '22'], [['ls'], ['rm', 'x']]],
    ['su -c ls root', ['su', '-c', 'root'], [['ls']]],
    ['su - root --command ls', ['su', '-', 'root', '--command'], [['ls']]],
    ['runuser -u www ls -l', ['runuser', '-u', 'www'], [['ls', '-l']]],
    ['script -qc ls out', ['script', '-qc', 'out'], [['ls']]],
    ['watch -n 1 ls -l', ['watch', '-n', '1'], [['ls', '-l']]],
    ["git -c alias.x='!rm x' x", ['git', '-c', 'alias.x=!rm x', 'x'], [['rm', 'x']]],
    ['git bisect run make test', ['git', 'bisect', 'run'], [['make', 'test']]],
    ["git submodule foreach 'git pull'", ['git', 'submodule', 'foreach'], [['git', 'pull']]],
    ['/lib64/ld-linux-x86-64.so.2 /bin/rm x', ['/lib64/ld-linux-x86-64.so.2'], [['/bin/rm', 'x']]],
  ])('%s', (source, own, commands) => {
    const analysis = analyze(source);
    expect(analysis.strictReasons).toEqual([]);
    expect(analysis.commands[0]).toMatchObject({ wrapperPrefix: own, opaque: false, patternable: true });
    expect(argvInside(source)).toEqual(commands);
    expect(inside(source).every(({ wrappedBy, context }) => wrappedBy === 0 && context.includes('wrapped'))).toBe(true);
  });

  it('opens wrappers inside wrappers', () => {
    const { commands, strict } = analyze("sudo timeout 5 sh -c 'nice rm x'");
    expect(strict).toBe(true);
    expect(commands.map(({ argv, wrappedBy }) => [argv?.[0], wrappedBy])).toEqual([
      ['sudo', null],
      ['timeout', 0],
      ['sh', 1],
      ['nice', 2],
      ['rm', 3],
    ]);
  });

  it('hands assignments on to the command', () => {
    expect(inside('env A=1 B=2 ls')[0]?.assignments).toMatchObject([
      { name: 'A', value: { literal: '1' } },
      { name: 'B', value: { literal: '2' } },
    ]);
  });

  it.each([
    'sudo -l',
    'command -v ls',
    'env',
    'xargs',
    'find . -delete',
    'ionice -p 1',
    'flock 9',
    'git log',
    'ssh -N host',
  ])('runs nothing else: %s', (source) => {
    expect(analyze(source)).toMatchObject({ strict: true });
    expect(analyze(source).commands).toHaveLength(1);
  });
});

describe('a wrapper that fills in words later', () => {
  it.each<[string, (string[] | string)[]]>([
    ['xargs rm -f', ['rm -f …']],
    ['xargs -0 -n 1 -P4 rm', ['rm …']],
    ['xargs -I{} cp {} x', ['cp {} x']],
    ['xargs -i cp {} x', ['cp {} x']],
    ['xargs --replace=% cp % x', ['cp % x']],
    ['xargs -I % echo x', [['echo', 'x']]],
    ['find . -exec rm {} ;', ['rm {}']],
    ['find . -name x -execdir rm {} + -ok ls {} \\;', ['rm {}', 'ls {}']],
    ['fd x -x rm {}', ['rm {}']],
  ])('%s', (source, commands) => {
    expect(argvInside(source.replace(/ ;$/, ' \\;'))).toEqual(commands);
  });

  it('never calls code with a placeholder in it known', () => {
    expect(analyze("xargs -I% sh -c 'rm %'").commands[1]).toMatchObject({ opaque: true, patternable: false });
    expect(analyze("find . -exec sh -c 'rm {}' \\;").commands[1]).toMatchObject({ opaque: true, patternable: false });
  });
});

describe('a wrapper whose command is not known', () => {
  it.each([
    'bash',
    'sh -s x',
    "sh -cs 'ls'",
    "sh -cls 'ls'",
    "bash -s -c 'ls'",
    "dash -sc 'ls'",
    'echo x | sh',
    'sudo -s',
    'sudo -i',
    'sudo --login',
    "fish -c ls -c 'rm x'",
    'su -s /x/evil -c ls root',
    'script -c ls out evil',
    'su',
    'su - root',
    'ssh host',
    'chroot /mnt',
    'script out',
    'csh -c ls',
    'sh -c "$X"',
    'sh -c "ls $X"',
    'bash $X',
    'eval "$X"',
    'sudo $X ls',
    'sudo --bogus ls',
    'env -- A=1 ls',
    'sudo -u $X ls',
    'timeout $T ls',
    'env -S \'ls "x"\'',
    'env -S "$X"',
    'parallel rm ::: a b',
    'bash <<E\nls\nE\n',
    'at now',
    "sh -c 'echo \"'",
    "zsh -c '=ls'",
    "ssh host 'ls =x'",
    'ssh -o ProxyCommand=x host ls',
    'git -c core.pager=x log',
    'git --config-env=a=b log',
    'bash --weird -c ls',
    `${'sudo '.repeat(40)}ls`,
  ])('is opaque: %s', (source) => {
    const { commands, strict } = analyze(source);
    expect(strict).toBe(false);
    expect(commands.some(({ opaque, patternable }) => opaque && !patternable)).toBe(true);
  });

  it('still shows a guess at what it holds', () => {
    expect(argvInside('sh -c "rm -rf $X; ls"')).toEqual(['rm -rf $X', ['ls']]);
    expect(argvInside('sudo --bogus rm x')).toEqual([['rm', 'x']]);
    expect(argvInside("sudo bash <<'E'\nrm x\nE\n")).toEqual([['bash'], ['rm', 'x']]);
    expect(argvInside("bash <<< 'rm x'")).toEqual([['rm', 'x']]);
  });

  it('judges the code inside by the shell that would run it', () => {
    expect(analyze("bash -c 'ls &>/dev/null'").commands[0]).toMatchObject({ opaque: false, patternable: false });
    expect(analyze("sh -c 'ls &>/dev/null'").commands[0]).toMatchObject({ opaque: true, patternable: false });
  });
});
