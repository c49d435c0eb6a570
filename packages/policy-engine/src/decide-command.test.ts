import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import type { Rule } from './rule.js';
import { allowGlobs, commandRequest, decideLine, NOW, rule, snapshotOf } from './rule-fixtures.contract-test.js';

const verdict = (rules: readonly Rule[], line: string, fields: Parameters<typeof decideLine>[2] = {}): string =>
  decideLine(rules, line, fields).verdict;

describe('a compound line', () => {
  it('is allowed when each of its commands is, and names every rule', () => {
    const rules = allowGlobs('ls *', 'wc -l *');
    expect(decideLine(rules, 'ls a && wc -l b; ls c')).toMatchObject({
      verdict: 'allow',
      rule_ids: ['rule_allow ls *', 'rule_allow wc -l *'],
    });
    expect(verdict(rules, 'ls a && rm b')).toBe('review');
  });

  it('shows which command was not allowed', () => {
    const { commands, reasons } = decideLine(allowGlobs('ls *'), 'ls a && rm b');
    expect(commands.map(({ text, verdict: judged, rule_id }) => [text, judged, rule_id])).toEqual([
      ['ls a', 'allow', 'rule_allow ls *'],
      ['rm b', 'review', null],
    ]);
    expect(reasons).toEqual(['No rule allows “rm b”.']);
  });

  it('needs known pure filters behind a pipe, or rules that say pipeline', () => {
    const rules = allowGlobs('cat **', 'grep **', 'wc **', 'tee *', 'sort **', 'sort -o x');
    expect(verdict(rules, 'cat a | grep b | wc -l')).toBe('allow');
    expect(verdict(rules, 'cat a | tee b')).toBe('review');
    expect(verdict(rules, 'cat a | sort -o x')).toBe('review');
    expect(verdict([...rules, rule({ id: 'p', pattern: 'tee *', pipeline: true })], 'cat a | tee b')).toBe('allow');
  });

  it('needs literal rules for builtins that change what comes later', () => {
    expect(verdict(allowGlobs('cd **', 'ls'), 'cd /srv && ls')).toBe('review');
    expect(verdict(allowGlobs('cd /srv', 'ls'), 'cd /srv && ls')).toBe('allow');
    expect(verdict([rule({ pattern: 'cd .*', pattern_type: 'regex' }), ...allowGlobs('ls')], 'cd /srv && ls')).toBe(
      'review',
    );
  });

  it('does not run a relative path after a change of folder, nor in an unnamed folder', () => {
    expect(verdict([rule({ pattern: './run *' })], './run x')).toBe('review');
    const bound = [rule({ pattern: './run *', cwd: '/srv/app' }), ...allowGlobs('cd /tmp', 'cd /srv/app')];
    expect(verdict(bound, './run x')).toBe('allow');
    expect(verdict(bound, './run x', { cwd: '/tmp' })).toBe('review');
    expect(verdict(bound, './run x', { cwd: null })).toBe('review');
    expect(verdict(bound, 'cd /tmp && ./run x')).toBe('review');
  });
});

describe('redirections', () => {
  const echo = allowGlobs('echo **');
  it.each([
    ['> /tmp/*', 'echo a > /tmp/x', 'allow'],
    ['> /tmp/*', 'echo a >/tmp/x 2>&1', 'allow'],
    ['> /tmp/*', 'echo a >> /tmp/x', 'review'],
    ['> /tmp/*', 'echo a > /tmp/../etc/passwd', 'review'],
    ['> /tmp/*', 'echo a > /etc/passwd', 'review'],
    ['> /tmp/*', 'echo a > $F', 'review'],
    ['> /tmp/*', 'echo a > /tmp/x > /etc/passwd', 'review'],
    ['> /tmp/*', 'touch a > /tmp/x', 'review'],
    ['> *', 'echo a > /etc/passwd', 'review'],
    ['> /tmp/out', 'echo a > /tmp/out', 'allow'],
    ['> out', 'echo a > out', 'review'],
    ['echo * > /tmp/*', 'echo a > /tmp/x', 'allow'],
    ['echo * > /tmp/*', 'echo a < /tmp/x', 'review'],
    ['>> /tmp/*', 'echo a >> /tmp/x', 'allow'],
    ['< /srv/*', 'echo a < /srv/x', 'allow'],
  ])('with %s: %s is %s', (pattern, line, expected) => {
    expect(verdict([...echo, rule({ pattern })], line)).toBe(expected);
  });

  it('to nowhere need no permission', () => {
    expect(verdict(echo, 'echo a > /dev/null 2>&1')).toBe('allow');
  });

  it('to a relative file need a rule for the folder', () => {
    expect(verdict([...echo, rule({ pattern: '> out', cwd: '/srv/app' })], 'echo a > out')).toBe('allow');
    expect(verdict([...echo, rule({ pattern: '> out', cwd: '/tmp' })], 'echo a > out')).toBe('review');
  });

  it('of a rule that spells them must be there', () => {
    expect(verdict([rule({ pattern: 'make test > /tmp/log' })], 'make test')).toBe('review');
  });

  it('name the rules that allow them', () => {
    expect(decideLine([...echo, rule({ pattern: '> /tmp/*' })], 'echo a > /tmp/x').rule_ids).toEqual([
      'rule_allow echo **',
      'rule_allow > /tmp/*',
    ]);
  });

  it('are denied whichever operator writes, and wherever the path leads', () => {
    const rules = [...echo, ...allowGlobs('> /tmp/*'), rule({ pattern: '> /etc/*', effect: 'deny' })];
    for (const line of [
      'echo a > /etc/passwd',
      'echo a >> /etc/passwd',
      'rm x &> /etc/x',
      'echo a > /tmp/../etc/x',
      'echo a | sudo cat > /etc/x',
    ])
      expect([line, verdict(rules, line)]).toEqual([line, 'deny']);
  });
});

describe('assignments', () => {
  const date = allowGlobs('date');
  it.each([
    ['TZ=*', 'TZ=UTC date', 'allow'],
    ['TZ=UTC', 'TZ=UTC date', 'allow'],
    ['TZ=UTC', 'TZ=Europe/Paris date', 'review'],
    ['TZ=*', 'TZ=$X date', 'review'],
    ['TZ=*', 'TZ=UTC LANG=C date', 'review'],
    ['LD_PRELOAD=*', 'LD_PRELOAD=/tmp/x.so date', 'review'],
    ['PATH=/opt/bin', 'PATH=/opt/bin date', 'allow'],
    ['PATH=/opt/*', 'PATH=/opt/bin date', 'review'],
    ['TZ=U*', 'TZ=UTC date', 'allow'],
    ['TZ=*', 'TZ=UTC; date', 'review'],
    ['TZ=UTC', 'TZ=UTC; date', 'allow'],
  ])('with %s: %s is %s', (pattern, line, expected) => {
    expect(verdict([...date, rule({ pattern: pattern.replace('=*', '=?*') }), rule({ id: 'b', pattern })], line)).toBe(
      expected,
    );
  });

  it('may stand in front of the command that a rule names', () => {
    expect(verdict(allowGlobs('LC_ALL=C sort *'), 'LC_ALL=C sort x')).toBe('allow');
    expect(verdict(allowGlobs('LC_ALL=C sort *'), 'sort x')).toBe('review');
  });
});

describe('wrappers', () => {
  it('need permission for themselves and for what they run', () => {
    expect(verdict(allowGlobs('docker logs *'), 'sudo docker logs web')).toBe('review');
    expect(verdict(allowGlobs('sudo'), 'sudo docker logs web')).toBe('review');
    expect(verdict(allowGlobs('sudo', 'docker logs *'), 'sudo docker logs web')).toBe('allow');
    expect(verdict(allowGlobs('sudo', 'docker logs *'), 'sudo -u root docker logs web')).toBe('review');
    expect(verdict(allowGlobs('sudo **', 'docker logs *'), 'sudo -u root docker logs web')).toBe('review');
    expect(verdict(allowGlobs('sudo -u root', 'docker logs *'), 'sudo -u root docker logs web')).toBe('allow');
    expect(verdict(allowGlobs('timeout *', 'ls'), 'timeout 5 ls')).toBe('allow');
  });

  it('may be spelled together with what they run, by one rule', () => {
    const rules = allowGlobs('sudo systemctl status *');
    expect(decideLine(rules, 'sudo systemctl status nginx')).toMatchObject({
      verdict: 'allow',
      rule_ids: ['rule_allow sudo systemctl status *'],
    });
    expect(verdict(allowGlobs('sudo **'), 'sudo systemctl status nginx')).toBe('review');
    expect(verdict(allowGlobs('sudo * status nginx'), 'sudo systemctl status nginx')).toBe('review');
    expect(verdict(rules, 'sudo systemctl status -H')).toBe('review');
    expect(verdict(allowGlobs('sudo timeout 5 ls *'), 'sudo timeout 5 ls /srv')).toBe('allow');
    expect(verdict(allowGlobs('sudo timeout * ls *'), 'sudo timeout 5 ls /srv')).toBe('review');
    expect(verdict(allowGlobs('sudo python3 *'), 'sudo python3 x')).toBe('review');
    expect(verdict(allowGlobs('sudo env X=1 ls *'), 'sudo env X=1 ls a')).toBe('review');
  });

  it('do not hide a denied command', () => {
    const rules = [...allowGlobs('sudo **', 'sh -c *'), rule({ pattern: 'rm **', effect: 'deny' })];
    for (const line of [
      'sudo rm x',
      "sh -c 'rm x'",
      'timeout 5 rm x',
      'find . -exec rm x ;',
      'xargs rm',
      '/bin/rm x',
      '\\rm x',
      "'r'm x",
      'ls; rm x',
      'echo $(rm x)',
    ])
      expect([line, verdict(rules, line)]).toEqual([line, 'deny']);
  });
});

describe('words that are not literal', () => {
  it('are covered by the wildcards of a deny rule, and could satisfy its literal words', () => {
    const rules = [rule({ pattern: 'rm **', effect: 'deny' })];
    expect(verdict(rules, 'rm $X')).toBe('deny');
    expect(verdict(rules, '$CMD /')).toBe('review');
    expect(verdict([rule({ pattern: 'rm -rf *', effect: 'deny' })], 'rm -rf "$DIR"')).toBe('deny');
  });

  it('send an exact allow rule to review where a deny rule could mean them', () => {
    const exact = (pattern: string): Rule => rule({ pattern, pattern_type: 'exact', session_id: 's' });
    const deny = rule({ pattern: 'rm -rf /', effect: 'deny' });
    const session = { session_id: 's' };
    expect(verdict([exact('rm -rf $X')], 'rm -rf $X', session)).toBe('allow');
    expect(decideLine([exact('rm -rf $X'), deny], 'rm -rf $X', session)).toMatchObject({
      verdict: 'review',
      rule_ids: [deny.id],
    });
    expect(verdict([exact('echo $X'), deny], 'echo $X', session)).toBe('allow');
    expect(verdict([exact('$CMD x'), deny], '$CMD x', session)).toBe('review');
    expect(verdict([exact('eval "$X"'), deny], 'eval "$X"', session)).toBe('review');
    expect(verdict([exact('echo a > $F'), rule({ pattern: '> /etc/*', effect: 'deny' })], 'echo a > $F', session)).toBe(
      'review',
    );
  });
});

describe('a literal line', () => {
  it('is not held because a deny rule begins alike', () => {
    const rules = [...allowGlobs('git push', '> /tmp/*'), rule({ pattern: 'git push --force', effect: 'deny' })];
    expect(verdict(rules, 'git push > /tmp/x')).toBe('allow');
    expect(verdict(rules, 'git push')).toBe('allow');
  });
});

describe('an exact rule for a line that can change', () => {
  const lines = ['echo $HOME', '/srv/app/run', 'bash deploy.sh', 'cat *.log', 'eval "$X"', '. ./env'];
  const judge = (line: string, rememberDynamic: 'never' | 'session' | 'yes', bound: Partial<Rule> = {}): string =>
    decide(
      snapshotOf([rule({ pattern: line, pattern_type: 'exact', cwd: '/srv/app', ...bound })], { rememberDynamic }),
      commandRequest(line, { session_id: 's' }),
      NOW,
    ).verdict;

  it.each(lines)('applies as the org chose: %s', (line) => {
    expect(judge(line, 'yes')).toBe('allow');
    expect(judge(line, 'session')).toBe('review');
    expect(judge(line, 'session', { session_id: 's' })).toBe('allow');
    expect(judge(line, 'never', { session_id: 's' })).toBe('review');
  });

  it.each(['echo hello', '/usr/bin/uptime', 'npm test', "python3 -c 'print(1)'"])(
    'always applies to one that cannot: %s',
    (line) => {
      expect(judge(line, 'never')).toBe('allow');
    },
  );

  it('says why it does not apply', () => {
    const { reasons } = decideLine([rule({ pattern: 'echo $X', pattern_type: 'exact' })], 'echo $X');
    expect(reasons[0]).toMatch(/has this very text, but some of its words are not literal/);
  });

  it('needs the folder for a relative program', () => {
    expect(judge('./run', 'yes', { cwd: null })).toBe('review');
    expect(judge('./run', 'yes', { cwd: '/srv/app' })).toBe('allow');
    expect(judge('./run', 'yes', { cwd: '/tmp' })).toBe('review');
  });
});

describe('a regular expression', () => {
  const regex = (pattern: string, fields: Partial<Rule> = {}): Rule[] => [
    rule({ pattern, pattern_type: 'regex', ...fields }),
  ];
  it.each([
    ['dlogs web-[0-9]+', 'dlogs web-12', 'allow'],
    ['dlogs web-[0-9]+', 'dlogs web-12x', 'review'],
    ['dlogs web-[0-9]+', 'xdlogs web-12', 'review'],
    ['dlogs web', 'dlogs web; id', 'review'],
    ['dlogs .*', 'dlogs $X', 'review'],
    ['dlogs .*', 'dlogs -x', 'review'],
    ['dlogs -n [0-9]+', 'dlogs -n 5', 'allow'],
    ['dlogs --since=[0-9]+m', 'dlogs --since=5m', 'allow'],
    ['dlogs .* --since=[0-9]+m', 'dlogs web --since=5m', 'allow'],
    ['dlogs .*--since=[0-9]+m', "dlogs --x '--since=5m'", 'review'],
    ['dlogs .* -o safe', 'dlogs web -o safe', 'allow'],
    ['dlogs .* -o safe .*', "dlogs -o evil 'a -o safe b'", 'review'],
    ['dlogs -o( .*)?', 'dlogs -o -o', 'review'],
    ["dlogs '[a-z ]+'", "dlogs 'a b'", 'allow'],
    ['dlogs [a-z ]+', "dlogs 'a b'", 'review'],
    ['cat /var/log/.*', 'cat /var/log/app.log', 'allow'],
    ['cat /var/log/.*', 'cat /var/log/../../etc/shadow', 'review'],
    ['python3 .*', 'python3 x.py', 'review'],
    ['python3 /srv/manage\\.py migrate', 'python3 /srv/manage.py migrate', 'allow'],
    ['python3 manage\\.py migrate', 'python3 manage.py migrate', 'review'],
    ['.* x', 'python3 x', 'review'],
    ['(ls|cat) .*', 'cat x', 'allow'],
    ['(', 'dlogs web', 'review'],
  ])('%s: %s is %s', (pattern, line, expected) => {
    expect(verdict(regex(pattern), line)).toBe(expected);
  });

  it('that is not valid denies nothing silently: it sends to review', () => {
    const rules = [...allowGlobs('ls *'), ...regex('(', { effect: 'deny' })];
    expect(decideLine(rules, 'ls x').verdict).toBe('review');
    expect(snapshotOf(rules).problems()).toEqual([{ rule_id: 'rule_deny (', message: expect.stringContaining('RE2') }]);
  });

  it('denies by the base name of the program too', () => {
    expect(verdict(regex('rm .*', { effect: 'deny' }), '/bin/rm -rf x')).toBe('deny');
  });
});

describe('deny rules', () => {
  const deny = (pattern: string): Rule[] => [
    ...allowGlobs('cat **', 'tool **', 'git **'),
    rule({ pattern, effect: 'deny' }),
  ];
  it.each([
    ['** --force **', 'git push --force origin'],
    ['** /etc/shadow **', 'cat a /etc/shadow'],
    ['** /etc/shadow **', 'cat a /etc/../etc//shadow'],
    ['** *secret* **', 'cat my-secret-file'],
    ['* x', 'tool x'],
    ['git push **', 'git push'],
    ['tool [!a]*', 'tool bx'],
  ])('%s denies %s', (pattern, line) => {
    expect(verdict(deny(pattern), line)).toBe('deny');
  });

  it('deny their exact text wherever it stands', () => {
    const rules = [...allowGlobs('ls **'), rule({ pattern: 'rm -rf x', pattern_type: 'exact', effect: 'deny' })];
    for (const line of ['rm -rf x', 'ls; rm  -rf x', "rm -rf 'x'"]) expect(verdict(rules, line)).toBe('deny');
  });

  it('deny inside lines that are not understood', () => {
    expect(verdict([rule({ pattern: 'rm **', effect: 'deny' })], 'rm -rf x &')).toBe('deny');
  });

  it('apply in their folder also where the folder is not known', () => {
    const rules = [rule({ pattern: 'ls', effect: 'deny', cwd: '/srv' })];
    expect(verdict(rules, 'ls', { cwd: '/srv' })).toBe('deny');
    expect(verdict(rules, 'ls', { cwd: null })).toBe('deny');
    expect(verdict(rules, 'ls', { cwd: '/tmp' })).toBe('review');
  });
});

describe('scopes', () => {
  const judge = (scope: Rule['scope'], target: string | null): string =>
    decide(
      snapshotOf([rule({ pattern: 'ls', scope })], { targetGroups: { web1: ['web', 'prod'] } }),
      commandRequest('ls', { target }),
      NOW,
    ).verdict;

  it('are everywhere, a group of targets, or one target', () => {
    expect(judge({ type: 'global' }, null)).toBe('allow');
    expect(judge({ type: 'group', id: 'prod' }, 'web1')).toBe('allow');
    expect(judge({ type: 'group', id: 'db' }, 'web1')).toBe('review');
    expect(judge({ type: 'target', id: 'web1' }, 'web1')).toBe('allow');
    expect(judge({ type: 'target', id: 'web1' }, 'web2')).toBe('review');
    expect(judge({ type: 'group', id: 'prod' }, '__proto__')).toBe('review');
  });

  it('and agents are kept apart in large numbers', () => {
    const rules = Array.from({ length: 200 }, (_, at) =>
      rule({ id: `r${at}`, pattern: 'ls', agent_id: `agent_${at}` }),
    );
    expect(decideLine(rules, 'ls', { agent_id: 'agent_150' })).toMatchObject({ verdict: 'allow', rule_ids: ['r150'] });
    expect(verdict(rules, 'ls', { agent_id: 'agent_200' })).toBe('review');
  });
});

describe('rules in shadow', () => {
  it('report what they would have allowed, and decide nothing', () => {
    const rules = [...allowGlobs('ls *'), rule({ id: 'shadow', pattern: 'wc *', shadow: true })];
    expect(decideLine(rules, 'ls a && wc b')).toMatchObject({ verdict: 'review', shadow_rule_ids: ['shadow'] });
    expect(decideLine(rules, 'rm a && wc b')).toMatchObject({ verdict: 'review', shadow_rule_ids: [] });
    expect(decideLine(rules, 'ls a')).toMatchObject({ verdict: 'allow', shadow_rule_ids: [] });
  });

  it('report what they would have denied', () => {
    const rules = [...allowGlobs('ls *'), rule({ id: 'shadow', pattern: 'ls **', effect: 'deny', shadow: true })];
    expect(decideLine(rules, 'ls a')).toMatchObject({ verdict: 'allow', shadow_rule_ids: ['shadow'] });
  });
});

describe('encrypted commands', () => {
  const fingerprint = 'A'.repeat(43);
  const request = commandRequest('', { encrypted: { fingerprint } });
  const exact = rule({ pattern: `hmac-sha256:${fingerprint}`, pattern_type: 'exact' });

  it('are decided by exact rules on their fingerprint alone', () => {
    expect(decide(snapshotOf([exact]), request, NOW).verdict).toBe('allow');
    expect(decide(snapshotOf([exact, { ...exact, id: 'd', effect: 'deny' }]), request, NOW).verdict).toBe('deny');
    expect(decide(snapshotOf(allowGlobs('ls *')), request, NOW).verdict).toBe('review');
    expect(decide(snapshotOf([exact]), commandRequest('', { encrypted: {} }), NOW).verdict).toBe('review');
    expect(verdict([exact], `hmac-sha256:${fingerprint}`)).toBe('review');
  });
});
