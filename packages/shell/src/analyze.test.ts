// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these strings are shell code
import { describe, expect, it } from '@jest/globals';
import type { Shell } from './analysis.js';
import { analyze } from './analyze.js';
import { MAX_SOURCE_LENGTH } from './limits.js';

const argvOf = (source: string, shell?: Shell) => analyze(source, shell).commands.map(({ argv }) => argv);
const contextsOf = (source: string) => analyze(source).commands.map(({ context }) => context);

describe('a line that is understood wholly', () => {
  it.each<[string, string[][]]>([
    ['docker ps -a', [['docker', 'ps', '-a']]],
    ['  ls\t-la  ', [['ls', '-la']]],
    ['a; b && c || d | e', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ['a\nb\n\n# done\n', [['a'], ['b']]],
    ['a |\n# why\nb', [['a'], ['b']]],
    ['l\\\ns -l\\\na', [['ls', '-la']]],
    [`echo 'a'"b"\\ c ""`, [['echo', 'ab c', '']]],
    ['echo "a\\"b\\\\c\\d\\\ne"', [['echo', 'a"b\\c\\de']]],
    ['grep "foo$" x', [['grep', 'foo$', 'x']]],
    ['echo a#b "#" # c; evil', [['echo', 'a#b', '#']]],
    ['echo {} {a} a,b} HEAD~1 a@b', [['echo', '{}', '{a}', 'a,b}', 'HEAD~1', 'a@b']]],
    ['[ -e file ]', [['[', '-e', 'file', ']']]],
    ['find . ! -name x', [['find', '.', '!', '-name', 'x']]],
    ['\\if x', [['if', 'x']]],
    ['cat файл été', [['cat', 'файл', 'été']]],
  ])('%j', (source, argv) => {
    const analysis = analyze(source);
    expect(analysis.strictReasons).toEqual([]);
    expect(analysis).toMatchObject({ parseable: true, strict: true, warnings: [] });
    expect(analysis.commands.map((command) => command.argv)).toEqual(argv);
  });

  it('gives assignments, redirections and spans with the command', () => {
    const [command] = analyze('X="1 2" make >out 2>&1 </dev/null all').commands;
    expect(command?.argv).toEqual(['make', 'all']);
    expect(command?.assignments).toMatchObject([{ name: 'X', text: 'X="1 2"', value: { literal: '1 2' } }]);
    expect(command?.redirections).toMatchObject([
      { operator: '>', descriptor: null, target: { literal: 'out' }, touchesFile: true },
      { operator: '>&', descriptor: '2', target: { literal: '1' }, touchesFile: false },
      { operator: '<', target: { literal: '/dev/null' }, touchesFile: false },
    ]);
    expect(command?.words[1]?.span).toEqual({ start: 34, end: 37 });
  });

  it('says where each command stands', () => {
    expect(contextsOf('a | b')).toEqual([['pipeline-first'], ['pipeline-later']]);
    expect(contextsOf('a; b | c')).toEqual([['list'], ['list', 'pipeline-first'], ['list', 'pipeline-later']]);
  });
});

describe('a line that is not strict', () => {
  it.each<[string, string]>([
    ['parameter', 'rm $X'],
    ['parameter', 'rm "$X"'],
    ['command-substitution', 'rm $(cat x)'],
    ['command-substitution', 'rm `cat x`'],
    ['process-substitution', 'cat <(ls)'],
    ['arithmetic', 'echo $((1+1))'],
    ['glob', 'rm *.log'],
    ['glob', 'rm a?[bc]'],
    ['brace', 'rm {a,b}'],
    ['brace', 'echo {1..9}'],
    ['tilde', 'ls ~'],
    ['tilde', 'cmd x=~'],
    ['history', 'sudo !!'],
    ['locale-string', 'echo $"hi"'],
  ])('marks a word with %s as dynamic: %s', (kind, source) => {
    const analysis = analyze(source);
    const word = analysis.commands[0]?.words[1];
    expect(analysis).toMatchObject({ parseable: true, strict: false });
    expect(analysis.commands[0]).toMatchObject({ argv: null, patternable: false });
    expect(word?.literal).toBeNull();
    expect(word?.dynamic[0]?.kind).toBe(kind);
  });

  it.each<[string, (string[] | null)[]]>([
    ['a & b', [['a'], ['b']]],
    ['(a; b)', [['a'], ['b']]],
    ['{ a; }', [['a']]],
    ['! a', [['a']]],
    ['time -p a', [['a']]],
    ['coproc a b', [['a', 'b']]],
    ['if a; then b; elif c; then d; else e; fi', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ['for x in 1 2; do a; done', [['a']]],
    ['while a; do b; done', [['a'], ['b']]],
    ['select x in a; do b; done', [['b']]],
    ['case x in a) b;; *) c;; esac', [['b'], ['c']]],
    ['f() { a; }; f', [['a'], ['f']]],
    ['a |& b', [['a'], ['b']]],
    ['a &>/dev/null', [['a']]],
    ['a 10>&1', [['a']]],
    ['a {fd}>x', [['a']]],
    ['a <<E\nx\nE\nb', [['a'], ['b']]],
    ['for ((i=0;i<1;i++)); do a; done', [null, ['a']]],
    ['(( x )) && a', [null, ['a']]],
    ['[[ -n x ]] && a', [null, ['a']]],
    ["a $'b'", [null]],
    ['x=(a b) c', [['c']]],
    ['a=1 b+=2 c', [['c']]],
  ])('still lists what it could run: %j', (source, argv) => {
    expect(analyze(source).strict).toBe(false);
    expect(argvOf(source)).toEqual(argv);
  });

  it('lists what substitutions anywhere in a word would run', () => {
    expect(argvOf('echo "${x:-$(a "`b`")}" $((c[$(d)])) > $(e) <<E\n$(f)\nE\n')).toEqual([
      null,
      null,
      ['b'],
      ['d'],
      ['e'],
      ['f'],
    ]);
    expect(contextsOf('cat <<E\n$(f)\nE\n')[1]).toEqual(['here-document', 'substitution']);
  });

  it('marks commands whose expansions evaluate what a variable holds', () => {
    for (const source of ['a $((x))', 'a ${!x}', 'a ${x@P}', 'a[x]=1 b']) {
      expect(analyze(source).commands[0]).toMatchObject({ opaque: true, patternable: false });
    }
    expect(analyze('a $((1 + 0x1f))').commands[0]?.opaque).toBe(false);
  });

  it('treats a line that runs nothing as not strict', () => {
    for (const source of ['', '   ', '# only a comment', '\n']) {
      expect(analyze(source)).toMatchObject({ parseable: true, strict: false, commands: [] });
    }
  });
});

describe('a line outside the understood grammar', () => {
  it.each<[string, string]>([
    ['an open quote', 'echo "a'],
    ['an open bracket', 'echo $(a'],
    ['a syntax error', 'a ;; b'],
    ['an error behind a good line', 'a\n)'],
    ['a carriage return', 'a\r\nb'],
    ['NUL', 'a\0b'],
    ['an escape character', 'a \u001b[2J'],
    ['a bidirectional override', 'a \u202eb'],
    ['a zero-width space', 'a\u200bb'],
    ['a no-break space', 'a\u00a0b'],
    ['a lone surrogate', 'a \ud800'],
    ['a line separator', 'a\u2028b'],
    ['a hidden process substitution', 'cmd 1<(evil)'],
    ['a redirection that bash expands twice', "echo x >&'$(evil)'"],
    ['an odd here-document delimiter', 'cat <<`E\nx\n`E\n'],
    ['an open here-document', 'cat <<E\nx'],
    ['deep nesting', 'echo '.concat('$('.repeat(100), 'a', ')'.repeat(100))],
  ])('is unparseable with a reason: %s', (_what, source) => {
    const analysis = analyze(source);
    expect(analysis).toMatchObject({ parseable: false, strict: false });
    expect(analysis.reasons[0]).toMatch(/^[A-Z].*\.$/);
  });

  it('shows what it can of such a line', () => {
    expect(argvOf('a\rb; rm x')).toContainEqual(['rm', 'x']);
    expect(argvOf('cmd 1<(evil)')).toContainEqual(['evil']);
  });

  it('is one that is too long, whatever it holds', () => {
    expect(analyze('a'.repeat(MAX_SOURCE_LENGTH)).parseable).toBe(true);
    expect(analyze('a'.repeat(MAX_SOURCE_LENGTH + 1))).toMatchObject({ parseable: false, commands: [] });
  });

  it('is one for a shell that is not known', () => {
    expect(analyze('ls', 'ksh' as Shell)).toMatchObject({ parseable: false, strict: false, commands: [] });
    expect(analyze(undefined as unknown as string)).toMatchObject({ parseable: false });
  });
});

describe('characters that mislead', () => {
  it.each(['ls ； evil', 'cаt x', 'terraform apply –-dry-run', 'echo “; rm x”', 'ls ⠀x', 'ls \ue000'])(
    'keep pattern rules away and are named: %j',
    (source) => {
      const analysis = analyze(source);
      expect(analysis).toMatchObject({ parseable: true, strict: false });
      expect(analysis.warnings).toHaveLength(1);
    },
  );

  it('warns of padding that pushes text out of sight, and of great length', () => {
    expect(analyze(`ls${' '.repeat(60)}; rm x`).warnings).toHaveLength(1);
    expect(analyze(`ls ${'a'.repeat(2_000)}`).warnings).toHaveLength(1);
  });
});

describe('other shells', () => {
  it.each([
    "cmd $'a'",
    'cmd &>x',
    'cmd |& b',
    'cmd 10>&1',
    'cmd <<< x',
    'cmd <(x)',
    '[[ x ]]',
    '((x))',
    'time a',
    'coproc a',
    'select x in a; do b; done',
    'function f { a; }',
    'a=(x)',
    'a+=x b',
    'cmd {fd}>x',
    'cmd >&file',
    'cmd ${x^^}',
    'cmd ${x/a/b}',
    'cmd ${!x}',
    'cmd ${x[1]}',
    'cmd {a,b}',
    'cmd $"a"',
    'case x in a) b;& esac',
  ])('sh and dash hold what bash reads differently: %s', (source) => {
    expect(analyze(source, 'bash').parseable).toBe(true);
    expect(analyze(source, 'sh').parseable).toBe(false);
    expect(analyze(source, 'dash').parseable).toBe(false);
  });

  it.each(['ls -la', `git commit -m 'a b' && git push`, 'a | b >out 2>&1', 'a; b || c', 'cat < in > out'])(
    'zsh and fish read it alike: %s',
    (source) => {
      expect(analyze(source, 'zsh')).toMatchObject({ parseable: true, strict: true });
      expect(analyze(source, 'fish')).toMatchObject({ parseable: true, strict: true });
      expect(argvOf(source, 'zsh')).toEqual(argvOf(source));
    },
  );

  it.each([
    '=ls',
    'cat =(ls)',
    "ls *(e:'evil':)",
    'ls >!x',
    'ls &| evil',
    'ls {a}',
    'ls a^b',
    'ls a~b',
    'repeat 3 rm x',
    'noglob rm x',
    '> file',
    'ls > a > b',
    'cat <1-5>',
    'ls # evil',
    'ls $x',
    '- ls',
    'foreach x',
  ])('zsh may read it differently: %s', (source) => {
    expect(analyze(source, 'zsh')).toMatchObject({ parseable: false, strict: false });
  });

  it.each([
    'echo (rm x)',
    "echo 'a\\'b'",
    "echo 'a\\\\b'",
    'X=1 ls',
    'not rm x',
    'and ls',
    'begin',
    'ls %self',
    'ls a\\nb',
    'ls ^x',
  ])('fish may read it differently: %s', (source) => {
    expect(analyze(source, 'fish')).toMatchObject({ parseable: false, strict: false });
  });
});

describe('builtins', () => {
  it.each([
    'eval ls',
    '. file',
    'source file',
    'trap ls EXIT',
    'alias a=b',
    'let x=1',
    'declare x',
    'read x',
    'unset x',
    'set -- a',
    'shopt -s extglob',
    'enable -n echo',
    'hash -p /bin/rm ls',
    'mapfile -C rm x',
    'printf -v x y',
    'printf -vx y',
    'test -v x',
    '[ -v x ]',
    "export 'a[0]=1'",
    'jobs -x rm x',
    'command eval ls',
    'builtin eval ls',
  ])('is never patternable when it can run hidden code: %s', (source) => {
    const analysis = analyze(source);
    expect(analysis.strict).toBe(false);
    expect(analysis.commands.some(({ builtin, patternable }) => builtin === 'code' && !patternable)).toBe(true);
  });

  it('shows the code that they spell out', () => {
    expect(argvOf("trap 'rm x; ls' EXIT")).toEqual([['trap', 'rm x; ls', 'EXIT'], ['rm', 'x'], ['ls']]);
    expect(argvOf("unset 'a[$(rm x)]'")).toContainEqual(['rm', 'x']);
    expect(argvOf("alias ls='rm x'")).toContainEqual(['rm', 'x']);
  });

  it.each(['cd /x', 'export A=1', 'umask 022', 'exec ls', 'X=1', 'ulimit -c 0', '%1'])(
    'flags a change of state: %s',
    (source) => {
      expect(analyze(source)).toMatchObject({ strict: true });
      expect(analyze(source).commands[0]?.builtin).toBe('state');
    },
  );

  it.each([
    'BASH_ENV=x ls',
    'export LD_PRELOAD=x',
    'env PS4=x sh -c ls',
    'sudo LD_LIBRARY_PATH=x ls',
    'SHELLOPTS=xtrace',
  ])('holds an assignment that makes a shell or the loader run code: %s', (source) => {
    expect(analyze(source)).toMatchObject({ parseable: true, strict: false });
  });

  it('leaves other assignments to the rules', () => {
    expect(analyze('PATH=x PAGER=y man ls')).toMatchObject({ strict: true });
  });
});

describe('an analysis', () => {
  it('is written as JSON with its tokens', () => {
    const written = JSON.parse(JSON.stringify(analyze('ls -la'))) as { tokens: unknown[]; strict: boolean };
    expect(written.strict).toBe(true);
    expect(written.tokens).toHaveLength(2);
  });
});
