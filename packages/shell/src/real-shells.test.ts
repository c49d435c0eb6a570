// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these strings are shell code
/**
 * Random lines are executed by the real bash and dash and compared with what the analysis lists.
 *
 * The jail: an environment of `PATH` and `HOME` only, a `PATH` that holds nothing but scripts which write down their own
 * arguments, an empty working folder, no absolute path, no `..`, no loop and no function in any line. The lines follow
 * from the seed. `EXPACTI_SHELL_LINES=30000 EXPACTI_SHELL_SEED=2` runs more of them (about 8 ms each).
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { SimpleCommand } from './analysis.js';
import { analyze } from './analyze.js';
import { baseName } from './data/programs.js';

const LINES = Number(process.env.EXPACTI_SHELL_LINES ?? 500);
const SEED = Number(process.env.EXPACTI_SHELL_SEED ?? 1);
const MILLISECONDS_PER_LINE = 40;

const PROGRAMS = ['cmd', 'ls', 'evil', 'a', 'b', 'x', 'ab', 'E', 'f', '2'];
const NAMES = ['cmd', 'ls', 'evil', 'a', '"cmd"', 'l\\s', 'c\\\nmd', "'evil'", 'e""vil'];
const WORDS =
  `cmd|-la|"a b"|'a;b'|a\\ b|"a\\"b"|'a'\\''b'|x=1|a#b|""|'$(evil)'|\\$x|"\\$x"|{}|a,b|%s|^y|@x|+x|é|"it's"|a\\\nb|"a\\\nb"|2|-|--|=|"$"|a=b=c|{a|a}|!|[|]|a:b|"#"|\\#|\\;`.split(
    '|',
  );
const JOINERS = [
  ';',
  ' ; ',
  '&&',
  ' && ',
  '||',
  ' || ',
  ' | ',
  '|',
  '\n',
  ' ;\n',
  ' |\n',
  '\n\n',
  ' \\\n&& ',
  '# c\n',
  ' # c\n',
  ' & ',
];
const REDIRECTIONS =
  ' >f| 2>&1| 2>f| >>f| <f| >&2| 3>&1| 2 >f| >f evil| <&1| 1<>f| >&-|>f|2>f| >a>b| \\\n>f| &>f| 10>&1| {fd}>f| <<<x| <<E\nx\nE\n'.split(
    '|',
  );
const ATOMS =
  `cmd|evil|a|2|=|a=b|X=1|"|'|\\|\\\n|\n|\t| |;|&|;;|(|)|{|}|{a,b}|[|]|[[|]]|<|>|>>|<<|<<<|<(|>(|$(|\`|$|$x|\${x:-evil}|$((1))|$'|$"|~|*|?|!|#| #|%|+=|,|..|é|2>&1|10>&1|{fd}>f|&>f|if|then|fi|time|coproc|"$x"|"$(evil)"|'\${x}'|; evil|&&evil|<<'E'\n$(evil)\nE\n|a[0]=1|a=(x)|\\\`|"\\$x"|"$"|$;|''|in|do|case|esac|!x|=a|:~|x=~`.split(
    '|',
  );

/** mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function randomLines(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (from: readonly string[]) => from[below(from.length)] ?? '';
  const many = (limit: number, make: () => string) => Array.from({ length: below(limit + 1) }, make).join('');

  const command = () => {
    const assignment = random() < 0.1 ? pick(['X=1 ', 'X="a b" ', 'X= ', 'X=1 Y=2 ', 'X+=1 ']) : '';
    const words = many(3, () => pick([' ', '  ', '\t', ' \\\n']) + pick(WORDS));
    return assignment + pick(NAMES) + words + (random() < 0.25 ? pick(REDIRECTIONS) : '');
  };
  const structured = () => {
    const line = command() + many(2, () => pick(JOINERS) + command());
    if (random() < 0.6) return line;
    const at = below(line.length + 1);
    return line.slice(0, at) + pick(ATOMS) + line.slice(random() < 0.5 ? at : at + 1);
  };
  const soup = () => pick(['cmd ', 'ls ', '', 'evil ']) + many(7, () => pick(ATOMS) + pick(['', '', ' ']));

  const lines = new Set<string>();
  while (lines.size < count) {
    const line = random() < 0.5 ? structured() : soup();
    const joined = line.replaceAll('\\\n', '');
    if (joined.trim() !== '' && !/\(\s*\)|\/|\.\.\.|\bcd\b|while|until|function/.test(joined)) lines.add(line);
  }
  return [...lines];
}

const folder = mkdtempSync(join(tmpdir(), 'expacti-shells-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs every line in the jail; answers the argument lists that the programs of each line wrote down. */
function execute(shell: string, lines: readonly string[]): string[][][] {
  const [programs, home, logs, input, driver] = ['bin', 'home', `logs-${baseName(shell)}`, 'lines', 'driver'].map(
    (name) => join(folder, name),
  );
  if (!programs || !home || !logs || !input || !driver) throw new Error('The jail has no folders.');
  for (const path of [programs, home, logs]) mkdirSync(path, { recursive: true });
  for (const name of PROGRAMS) {
    const script = `#!/bin/dash\nprintf '%s\\0' "\${0##*/}" "$@" "$(printf '\\001')" >>"$L"\nprintf out\n`;
    writeFileSync(join(programs, name), script);
    chmodSync(join(programs, name), 0o755);
  }
  writeFileSync(input, lines.map((line) => `${line}\0`).join(''));
  writeFileSync(
    driver,
    `cd ${home}
n=0
while IFS= read -r -d '' line <&9; do
  /usr/bin/env -i L=${logs}/$n PATH=${programs} HOME=${home} /usr/bin/timeout 2 ${shell} -c "$line" 9<&- </dev/null >/dev/null 2>&1
  n=$((n+1))
done 9<${input}
wait
`,
  );
  spawnSync('/bin/bash', ['--noprofile', '--norc', driver], { timeout: lines.length * MILLISECONDS_PER_LINE + 10_000 });
  return lines.map((_line, index) => readLog(join(logs, String(index))));
}

function readLog(path: string): string[][] {
  if (!existsSync(path)) return [];
  const executed: string[][] = [];
  let current: string[] = [];
  for (const field of readFileSync(path, 'utf8').split('\0').slice(0, -1)) {
    if (field === '\x01') {
      executed.push(current);
      current = [];
    } else current.push(field);
  }
  return executed;
}

const key = ([program = '', ...rest]: readonly string[]) => JSON.stringify([baseName(program), ...rest]);

function accountsFor({ argv, words }: SimpleCommand, ran: readonly string[]): boolean {
  if (argv !== null) return argv.length > 0 && key(argv) === key(ran);
  const dynamic = words.findIndex(({ literal }) => literal === null);
  return words
    .slice(0, dynamic)
    .every(({ literal }, index) => (index === 0 ? baseName(literal ?? '') : literal) === ran[index]);
}

const haveShells = existsSync('/bin/bash') && existsSync('/bin/dash') && existsSync('/usr/bin/timeout');
const describeWithShells = haveShells ? describe : describe.skip;

describeWithShells('what bash and dash really execute', () => {
  const lines = randomLines(LINES, SEED);
  const timeout = 2 * (LINES * MILLISECONDS_PER_LINE + 10_000);
  const executed = { bash: [] as string[][][], dash: [] as string[][][] };

  it(
    'is recorded in the jail',
    () => {
      executed.bash = execute('/bin/bash', lines);
      executed.dash = execute('/bin/dash', lines);
      expect(executed.bash.flat().length).toBeGreaterThan(LINES / 2);
      expect(executed.dash.flat().length).toBeGreaterThan(LINES / 2);
    },
    timeout,
  );

  it('is listed, argument for argument, for each strict line', () => {
    const misses = lines.flatMap((line, index) => {
      const { strict, commands } = analyze(line);
      if (!strict) return [];
      const listed = new Set(commands.map(({ argv }) => key(argv ?? [])));
      const ran = [...(executed.bash[index] ?? []), ...(executed.dash[index] ?? [])];
      return ran.filter((argv) => !listed.has(key(argv))).map((argv) => ({ line, argv }));
    });
    expect(misses).toEqual([]);
    expect(lines.filter((line) => analyze(line).strict).length).toBeGreaterThan(LINES / 5);
  });

  it.each([
    ['bash', 'bash'],
    ['sh', 'dash'],
    ['dash', 'dash'],
  ] as const)('is accounted for by every parseable line read as %s', (shell, executor) => {
    const misses = lines.flatMap((line, index) => {
      const { parseable, commands } = analyze(line, shell);
      if (!parseable || commands.some(({ opaque }) => opaque)) return [];
      const ran = executed[executor][index] ?? [];
      return ran
        .filter((argv) => !commands.some((command) => accountsFor(command, argv)))
        .map((argv) => ({ line, argv }));
    });
    expect(misses).toEqual([]);
  });
});
