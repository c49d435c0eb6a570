import { describe, expect, it } from '@jest/globals';
import { previewRule } from './preview-rule.js';
import type { Rule } from './rule.js';
import { commandRequest, rule } from './rule-fixtures.contract-test.js';
import { validateRule } from './validate-rule.js';

const problemsOf = (fields: Partial<Rule> & { pattern: string }): string[] => {
  const validity = validateRule(rule(fields));
  return validity.ok ? [] : validity.problems.map(({ path, message }) => `${path}: ${message}`);
};

describe('a rule', () => {
  it.each<Partial<Rule> & { pattern: string }>([
    { pattern: 'docker logs *' },
    { pattern: 'cat "a b"*' },
    { pattern: '** --force **', effect: 'deny' },
    { pattern: '> /tmp/*' },
    { pattern: 'TZ=*' },
    { pattern: './run *', cwd: '/srv' },
    { pattern: 'echo hello', pattern_type: 'exact' },
    { effect: 'deny', pattern: '(a+)+$', pattern_type: 'regex' },
    { pattern: 'fs.*', kind: 'tool_call', matchers: [{ pointer: '/path', glob: '/srv/*' }] },
    { pattern: '/srv/**', kind: 'file_transfer', direction: 'upload' },
    { pattern: `hmac-sha256:${'x'.repeat(43)}`, pattern_type: 'exact' },
  ])('may be %j', (fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });

  it.each<[string, Partial<Rule> & { pattern: string }]>([
    ['pattern: The pattern is empty.', { pattern: '' }],
    ['pattern: The pattern is empty.', { pattern: '   ' }],
    ['pattern: A pattern covers one simple command', { pattern: 'ls; rm *' }],
    ['pattern: A pattern covers one simple command', { pattern: 'ls | sh' }],
    ['pattern: A pattern never covers "$"', { pattern: 'echo $X' }],
    ['pattern: A single quote is not closed.', { pattern: "echo '" }],
    ['pattern: A double quote is not closed.', { pattern: 'echo "' }],
    ['pattern: A "[" is not closed', { pattern: 'echo [a' }],
    ['pattern: The range z-a is empty.', { pattern: 'echo [z-a]' }],
    ['pattern: The pattern ends in a lone backslash.', { pattern: 'echo \\' }],
    ['pattern: The shell expands "~"', { pattern: 'cat ~/x' }],
    ['pattern: A pattern holds at most', { pattern: 'a ** b ** c ** d ** e ** f' }],
    ['pattern: The pattern is longer than', { pattern: 'x'.repeat(9_000) }],
    ['pattern: The pattern holds characters', { pattern: 'x\ud800' }],
    ['pattern: An allow rule names its program', { pattern: '* --version' }],
    ['pattern: An allow rule names its program', { pattern: '** x' }],
    ['pattern: A bare "*" cannot stand for a file', { pattern: '> *' }],
    ['pattern: ">" needs a file', { pattern: 'echo >' }],
    ['cwd: What this runs depends', { pattern: './run *' }],
    ['cwd: What this runs depends', { pattern: 'npm run *' }],
    ['cwd: What this line runs depends', { pattern: 'make test', pattern_type: 'exact' }],
    ['cwd: A relative path depends', { pattern: 'make > log' }],
    ['cwd: What this line runs depends', { pattern: './run', pattern_type: 'exact' }],
    ['cwd: The working directory must be an absolute path.', { pattern: 'ls', cwd: 'srv' }],
    ['pattern: No rule can be made for a line that is not understood', { pattern: 'echo "', pattern_type: 'exact' }],
    ['pattern: The expression is not valid', { pattern: '(', pattern_type: 'regex' }],
    ['pattern: The expression is not valid', { pattern: '\\', pattern_type: 'regex' }],
    ['pattern: The expression is not valid', { pattern: '(?=a)', pattern_type: 'regex' }],
    ['pattern: A path pattern begins with "/".', { pattern: 'srv/*', kind: 'file_transfer' }],
    ['pattern: A path pattern has no empty', { pattern: '/srv/../*', kind: 'file_transfer' }],
    [
      'matchers.0.pointer: This is not a JSON pointer',
      { pattern: 'x', kind: 'tool_call', matchers: [{ pointer: 'a', equals: 1 }] },
    ],
    ['matchers.0: A matcher needs', { pattern: 'x', kind: 'tool_call', matchers: [{ pointer: '/a' }] }],
    ['matchers: Argument matchers are for tool calls.', { pattern: 'x', matchers: [{ pointer: '/a', equals: 1 }] }],
    ['direction: A direction is for file transfers.', { pattern: 'x', direction: 'upload' }],
    ['pattern: A fingerprint is 43 characters', { pattern: 'hmac-sha256:x', pattern_type: 'exact' }],
    ['expires_at: The expiry is not a time.', { pattern: 'x', expires_at: Number.NaN }],
  ])('is refused with “%s”: %j', (problem, fields) => {
    expect(problemsOf(fields).some((found) => found.startsWith(problem))).toBe(true);
  });

  it('is checked against its own examples', () => {
    const examples = { matches: ['ls a', 'ls -x-unknown'], does_not_match: ['ls b', 'rm x'] };
    expect(problemsOf({ pattern: 'ls *', examples })).toEqual([
      'examples.matches.1: The rule does not match this example: ls -x-unknown',
      'examples.does_not_match.0: The rule matches this example: ls b',
    ]);
  });

  it('warns where its wildcards cover little', () => {
    expect(validateRule(rule({ pattern: 'python3 *' }))).toMatchObject({ ok: true, warnings: [{ path: 'pattern' }] });
    expect(validateRule(rule({ pattern: 'ls *' }))).toEqual({ ok: true, warnings: [] });
  });
});

describe('the preview of a rule', () => {
  it('tells whole lines from parts, whatever the expiry', () => {
    const history = ['ls a', 'ls a; rm b', 'rm b'].map((line) => ({ request: commandRequest(line) }));
    const preview = previewRule(rule({ pattern: 'ls *', expires_at: 1, shadow: true }), history);
    expect(preview).toEqual({ matched: [history[0]], partly: [history[1]] });
  });
});

describe('an allow regex', () => {
  const regex = (pattern: string) =>
    validateRule({
      id: 'r',
      effect: 'allow',
      kind: 'command',
      pattern_type: 'regex',
      pattern,
      scope: { type: 'global' },
    });

  it.each([
    'git (status|diff).*',
    '(docker|podman) logs .*',
    'kubectl( -n \\w+)? get .*',
    'echo',
    '\\./deploy',
    'ls .*|cat .*',
  ])('%s names its programs', (pattern) => {
    // `./deploy` depends on the folder, which is another question.
    expect(JSON.stringify(regex(pattern))).not.toContain('begins with the program');
  });

  it.each(['.*', '\\w+ .*', '[a-z]+ x', 'git.*', 'git status|.*', '(git|.*) status', 'a?b c', '.'])(
    '%s does not',
    (pattern) => {
      expect(JSON.stringify(regex(pattern))).toContain('begins with the program');
    },
  );
});
