import { describe, expect, it } from '@jest/globals';
import { decide } from '../decide.js';
import type { CommandRequest } from '../request.js';
import type { Rule } from '../rule.js';
import { allowGlobs, commandRequest, decideLine, NOW, rule, snapshotOf } from '../rule-fixtures.contract-test.js';

const verdict = (rules: readonly Rule[], line: string, fields: Partial<CommandRequest> = {}): string =>
  decideLine(rules, line, fields).verdict;

const exact = (pattern: string, fields: Partial<Rule> = {}): Rule =>
  rule({ pattern, pattern_type: 'exact', ...fields });

describe('what a line runs is found through the working directory', () => {
  const LINES = [
    'make test',
    '/usr/bin/make',
    'npm test',
    'pnpm run build',
    'cargo run',
    'go run main.go',
    'docker compose up -d',
    'docker-compose up',
    'ansible-playbook site.yml',
    'terraform apply',
    'pytest',
    'python3 -m job',
    'python3 -c "import job"',
    'node -e 1',
    'sudo make install',
    'timeout 5 npm test',
    'bash -c "make test"',
    'cd /srv && make',
  ];

  it.each(LINES)('an exact rule for “%s” holds in the folder that it names', (line) => {
    expect(verdict([exact(line)], line, { cwd: '/tmp/evil' })).toBe('review');
    expect(decideLine([exact(line)], line).reasons.join(' ')).toContain('names no working directory');
    expect(verdict([exact(line, { cwd: '/srv/app' })], line, { cwd: '/tmp/evil' })).toBe('review');
    expect(verdict([exact(line, { cwd: '/srv/app' })], line, { cwd: null })).toBe('review');
    expect(verdict([exact(line, { cwd: '/srv/app' })], line)).toBe('allow');
  });

  it.each(['bash deploy.sh', 'python3 job.py', '. env.sh', 'php artisan migrate'])(
    'also when scripts may be remembered: “%s”',
    (line) => {
      const judge = (fields: Partial<Rule>, cwd: string): string =>
        decide(snapshotOf([exact(line, fields)], { rememberDynamic: 'yes' }), commandRequest(line, { cwd }), NOW)
          .verdict;
      expect(judge({}, '/srv/app')).toBe('review');
      expect(judge({ cwd: '/srv/app' }, '/tmp')).toBe('review');
      expect(judge({ cwd: '/srv/app' }, '/srv/app')).toBe('allow');
    },
  );

  it.each(['make test', 'npm test', 'docker compose ps', 'python3 -m job', 'terraform plan'])(
    'a pattern for “%s” holds in the folder that it names, and not after a change of folder',
    (line) => {
      expect(verdict(allowGlobs(line), line)).toBe('review');
      expect(verdict([rule({ pattern: line, pattern_type: 'regex' })], line)).toBe('review');
      const bound = [rule({ pattern: line, cwd: '/srv/app' }), ...allowGlobs('cd /tmp', 'ls')];
      expect(verdict(bound, line)).toBe('allow');
      expect(verdict(bound, `ls && ${line}`)).toBe('allow');
      expect(verdict(bound, `cd /tmp && ${line}`)).toBe('review');
      expect(verdict(bound, line, { cwd: '/tmp' })).toBe('review');
    },
  );

  it.each(['docker ps', 'docker logs make', 'git status', 'python3 --version', 'node --version', 'ls make'])(
    'not so: %s',
    (line) => {
      expect(verdict(allowGlobs(line), line)).toBe('allow');
      expect(verdict([exact(line)], line)).toBe('allow');
    },
  );

  it.each(['python3 /srv/job.py', 'node /srv/x.js'])('nor where the script is named by its whole path: %s', (line) => {
    expect(verdict(allowGlobs(line), line)).toBe('allow');
  });

  it('says so', () => {
    expect(decideLine(allowGlobs('make test'), 'make test').reasons).toEqual([
      'Rule rule_allow make test does not cover this: what “make” runs depends on the working directory, which the rule does not name.',
    ]);
  });
});

describe('a script that a shell runs', () => {
  it('is a file of the folder, not the program of that name', () => {
    expect(verdict(allowGlobs('bash', 'ls **'), 'bash ls')).toBe('review');
    expect(verdict([...allowGlobs('bash'), rule({ pattern: './ls', cwd: '/srv/app' })], 'bash ls')).toBe('allow');
    expect(verdict([...allowGlobs('bash'), rule({ pattern: './ls', cwd: '/srv/app' })], 'bash ls', { cwd: '/' })).toBe(
      'review',
    );
    expect(verdict([rule({ pattern: 'rm **', effect: 'deny' })], 'bash rm x')).toBe('deny');
  });
});

describe('a wrapper that changes the folder', () => {
  const build = rule({ pattern: './build.sh', cwd: '/srv/app' });

  it.each([
    ['env -C /tmp', 'env -C /tmp ./build.sh'],
    ['env --chdir=/tmp', 'env --chdir=/tmp ./build.sh'],
    ['sudo -D /tmp', 'sudo -D /tmp ./build.sh'],
    ['sudo --chdir=/tmp', 'sudo --chdir=/tmp ./build.sh'],
    ['sudo -i', 'sudo -i ./build.sh'],
    ['chroot /tmp', 'chroot /tmp ./build.sh'],
    ['unshare -w /tmp', 'unshare -w /tmp ./build.sh'],
    ['find /tmp -execdir \\;', 'find /tmp -execdir ./build.sh \\;'],
    ['systemd-run --working-directory=/tmp', 'systemd-run --working-directory=/tmp ./build.sh'],
    ['systemd-run', 'systemd-run ./build.sh'],
    ['ssh host', 'ssh host ./build.sh'],
    ['su -l -c www', 'su -l -c ./build.sh www'],
  ])('%s: a rule for the folder of the line does not cover what it runs', (wrapper, line) => {
    expect(verdict([...allowGlobs(wrapper), build], line)).toBe('review');
  });

  it.each([
    ['env', 'env ./build.sh'],
    ['sudo -u www', 'sudo -u www ./build.sh'],
    ['timeout 5', 'timeout 5 ./build.sh'],
  ])('%s does not', (wrapper, line) => {
    expect(verdict([...allowGlobs(wrapper), build], line)).toBe('allow');
    expect(verdict([...allowGlobs(wrapper), build], line, { cwd: '/tmp' })).toBe('review');
  });

  it('and what it runs are covered by one rule that spells both, in the folder that it names', () => {
    const line = 'env -C sub ./build.sh';
    expect(verdict(allowGlobs(line), line)).toBe('review');
    const bound = [rule({ pattern: line, cwd: '/srv/app' }), ...allowGlobs('cd /tmp')];
    expect(verdict(bound, line)).toBe('allow');
    expect(verdict(bound, line, { cwd: '/tmp' })).toBe('review');
    expect(verdict(bound, `cd /tmp && ${line}`)).toBe('review');
  });

  it('takes relative files of redirections along', () => {
    const rules = [...allowGlobs('env -C /tmp', 'env', 'sh -c', 'echo a'), rule({ pattern: '> out', cwd: '/srv/app' })];
    expect(verdict(rules, "env -C /tmp sh -c 'echo a > out'")).toBe('review');
    expect(verdict(rules, "env sh -c 'echo a > out'")).toBe('allow');
  });
});

describe('the folder of a request', () => {
  const SPELLINGS = ['/work', '/work/', '//work', '/./work', '/work/.', '/work//'];
  const restricting = (effect: 'deny' | 'review', cwd: string): Rule[] => [
    ...allowGlobs('date'),
    rule({ pattern: 'date', effect, cwd }),
  ];

  it.each(SPELLINGS)('is the same for deny and review rules however it is written: %s', (cwd) => {
    for (const effect of ['deny', 'review'] as const) {
      expect(verdict(restricting(effect, '/work'), 'date', { cwd })).toBe(effect);
      expect(verdict(restricting(effect, cwd), 'date', { cwd: '/work' })).toBe(effect);
      expect(verdict(restricting(effect, '/work'), 'date', { cwd: '/other' })).toBe('allow');
    }
  });

  it.each(['/work/x/..', '/other/../work', '/elsewhere/..', 'work'])(
    'is not known where links may lead elsewhere or it is not absolute: %s',
    (cwd) => {
      expect(verdict(restricting('deny', '/work'), 'date', { cwd })).toBe('deny');
      expect(verdict([rule({ pattern: 'date', cwd: '/work' })], 'date', { cwd })).toBe('review');
    },
  );

  it('means for a deny rule with “..” where that leads', () => {
    expect(verdict(restricting('deny', '/work/x/..'), 'date', { cwd: '/work' })).toBe('deny');
    expect(verdict([rule({ pattern: 'date', cwd: '/work/x/..' })], 'date', { cwd: '/work' })).toBe('review');
  });

  it('is the one that an allow rule names, but for empty and “.” segments', () => {
    expect(verdict([rule({ pattern: 'date', cwd: '/work/' })], 'date', { cwd: '/work/.' })).toBe('allow');
    expect(verdict([rule({ pattern: 'date', cwd: '/work' })], 'date', { cwd: '/workshop' })).toBe('review');
  });
});

describe('a request that names no target', () => {
  const scoped = (fields: Partial<Rule>): Rule => rule({ pattern: 'reboot', effect: 'deny', ...fields });

  it('could be for any: deny and review rules of a target or group speak, allow rules do not', () => {
    const allow = rule({ pattern: 'reboot' });
    for (const scope of [{ type: 'target', id: 'db' } as const, { type: 'group', id: 'prod' } as const]) {
      expect(verdict([allow, scoped({ scope })], 'reboot')).toBe('deny');
      expect(verdict([allow, scoped({ scope, effect: 'review' })], 'reboot', { target: null })).toBe('review');
      expect(verdict([allow, scoped({ scope })], 'reboot', { target: 'web' })).toBe('allow');
      expect(verdict([rule({ pattern: 'reboot', scope })], 'reboot')).toBe('review');
      expect(verdict([allow, scoped({ scope, agent_id: 'another' })], 'reboot')).toBe('allow');
    }
  });

  it('also where many rules have one pattern', () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      scoped({ id: `d${at}`, scope: { type: 'target', id: `t${at}` } }),
    );
    const rules = [rule({ pattern: 'reboot' }), ...many];
    expect(decideLine(rules, 'reboot')).toMatchObject({ verdict: 'deny', rule_ids: ['d0'] });
    expect(decideLine(rules, 'reboot', { target: 't7' })).toMatchObject({ verdict: 'deny', rule_ids: ['d7'] });
    expect(verdict(rules, 'reboot', { target: 'web' })).toBe('allow');
    const others = many.map((other) => ({ ...other, agent_id: 'another' }));
    expect(verdict([rule({ pattern: 'reboot' }), ...others], 'reboot')).toBe('allow');
  });
});
