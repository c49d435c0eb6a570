import { describe, expect, it } from '@jest/globals';
import { PROGRAM_OPTIONS } from '../data/program-options.js';
import { allowGlobs, decideLine, rule } from '../rule-fixtures.contract-test.js';

const verdictUnder = (pattern: string, line: string): string => decideLine(allowGlobs(pattern), line).verdict;

/**
 * Lines whose harm rests on how a program reads its options: a value that is optional, letters in one word, a `--` that is
 * a value or ends nothing. Each was tried with the real program, or read in its manual where the program is not at hand.
 */
describe('an option that is read otherwise than it looks', () => {
  it.each([
    // A value, so that the "--" behind it ends nothing.
    ['kubectl get **', 'kubectl get -L -- --kubeconfig=/tmp/evil.yaml pods'],
    ['kubectl get **', 'kubectl get -L -- --server=https://evil pods'],
    ['kubectl get **', 'kubectl get -L -- --token=x pods'],
    ['kubectl get **', 'kubectl get -n -- --as=root pods'],
    ['oc get **', 'oc get -L -- --kubeconfig=/tmp/evil.yaml pods'],
    ['docker ps **', 'docker ps -n -- --unknown'],
    ['git log **', 'git log -n -- --output=/etc/cron.d/x'],
    // In find, "--" ends -H, -L and -P only.
    ['find **', 'find -- / -delete'],
    ['find **', 'find -H -- /etc -fprint /etc/cron.d/x'],
    ['find **', 'find . -name x -- -delete'],
    ['find **', 'find . -name -delete'],
    ['find **', 'find . -perm -exec'],
    // Optional values are attached: the next word is an option again.
    ['git log **', 'git log -U --output=/etc/cron.d/x'],
    ['git log **', 'git log --unified --output=/etc/cron.d/x'],
    ['git diff **', 'git diff --unified --output=/tmp/x'],
    ['git diff **', 'git diff -U --output=/tmp/x'],
    ['git diff **', 'git diff -M --output=/tmp/x'],
    ['git show **', 'git show -U --output=/tmp/x'],
    ['git whatchanged **', 'git whatchanged -U --output=/tmp/x'],
    ['journalctl **', 'journalctl -n --vacuum-time=1s'],
    ['journalctl **', 'journalctl -n --rotate'],
    ['journalctl **', 'journalctl --lines --cursor-file=/etc/cron.d/x'],
    ['journalctl **', 'journalctl -qn --rotate'],
    ['lsof **', 'lsof -g -D b/tmp/x'],
    ['lsof **', 'lsof -s -D b/tmp/x'],
    ['date **', 'date -Id 2020-01-01'],
    // Letters behind a letter with a value are options of their own.
    ['tree **', 'tree -Lo 2 /etc/cron.d/x'],
    ['tree **', 'tree -Po x /etc/cron.d/x'],
    ['tree **', 'tree -Io x /etc/cron.d/x'],
    ['tree **', 'tree -To x /etc/cron.d/x'],
    // The same letter takes a value in docker and none in podman.
    ['podman logs **', 'podman logs -n --cpu-profile=/etc/x c'],
    ['podman logs **', 'podman logs -n --url=ssh://evil c'],
    ['podman container logs **', 'podman container logs -n --url=ssh://evil c'],
    ['podman stop **', 'podman stop -s --url=ssh://evil c'],
    ['podman top **', 'podman top web -o pid'],
  ])('%s does not allow %s', (pattern, line) => {
    expect(verdictUnder(pattern, line)).toBe('review');
  });

  it.each([
    ['git (status|diff).*', 'git diff -U --output=/tmp/x'],
    ['find .*', 'find -- / -delete'],
  ])('the regular expression %s does not allow %s', (pattern, line) => {
    expect(decideLine([rule({ pattern, pattern_type: 'regex' })], line).verdict).toBe('review');
  });

  it.each([
    ['kubectl get **', 'kubectl get pods -L app,tier'],
    ['find **', 'find -H /srv -mtime -7'],
    ['find **', 'find /srv -size -10k -perm -4000'],
    ['git diff **', 'git diff -U5 main -- src/a.ts'],
    ['git log **', 'git log --unified=5 -M90% main'],
    ['git log **', 'git log -- src'],
    ['journalctl **', 'journalctl -u nginx -n 20 --no-pager'],
    ['journalctl **', 'journalctl -n20 --lines=5'],
    ['journalctl **', 'journalctl --since=-1h'],
    ['lsof **', 'lsof -g 12 -n'],
    ['tree **', 'tree -aL 2 /srv'],
    ['podman logs **', 'podman logs -n --tail 5 web'],
    ['docker ps **', 'docker ps -n 5'],
    ['docker logs **', 'docker logs -n 5 web'],
    ['cut **', 'cut -d - -f 2'],
    ['grep **', 'grep -f - x'],
  ])('%s still allows %s', (pattern, line) => {
    expect(verdictUnder(pattern, line)).toBe('allow');
  });
});

describe('whatever a table says', () => {
  const tables = Object.entries(PROGRAM_OPTIONS).flatMap(([program, options]) => [
    { words: [program], options },
    ...Object.entries(options.subcommands ?? {}).map(([name, own]) => ({ words: [program, name], options: own })),
  ]);
  const valued = tables.flatMap(({ words, options }) =>
    `${options.valued ?? ''} ${options.optional ?? ''} ${options.optionalNumber ?? ''} ${options.flags ?? ''}`
      .split(/\s+/)
      .filter((option) => option !== '')
      .map((option) => [...words, option].join(' ')),
  );

  it('an option behind another is never taken for its value', () => {
    const wrong = valued.filter((line) => verdictUnder(`${line} **`, `${line} --no-such-option=x y`) !== 'review');
    expect(wrong).toEqual([]);
    expect(valued.length).toBeGreaterThan(1_000);
  });

  it('"--" is never taken for a value, nor an option behind it for an operand', () => {
    const wrong = valued.filter((line) => verdictUnder(`${line} **`, `${line} -- --no-such-option=x y`) !== 'review');
    expect(wrong).toEqual([]);
  });
});
