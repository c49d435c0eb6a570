import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROGRAM_OPTIONS } from '../data/program-options.js';
import type { ProgramOptions } from './option-table.js';

/*
 * A wrong entry in the tables of harmless options lets an option pass as a value, or as an operand behind "--". So each
 * entry is tried with the program itself, where it is installed: an option is put before another one whose effect shows.
 * `hostname` is not tried: it would take "--version" for a name to set.
 */

type Options = Omit<ProgramOptions, 'source'>;

interface Probe {
  program: string;
  /** The option whose effect shows. */
  shown: string;
  /** What its effect looks like, of the implementation that the table describes. */
  effect: RegExp;
}

const COREUTILS =
  `ls cat tac head tail wc sort uniq cut tr nl fold fmt expand paste join comm od base64 cksum sha256sum seq
  basename dirname realpath readlink stat du df date id uname nproc`.split(/\s+/);

const PROBES: readonly Probe[] = [
  ...COREUTILS.map((program) => ({ program, shown: '--version', effect: /GNU coreutils/ })),
  { program: 'grep', shown: '--version', effect: /GNU grep/ },
  { program: 'cmp', shown: '--version', effect: /GNU diffutils/ },
  { program: 'diff', shown: '--version', effect: /GNU diffutils/ },
  { program: 'tree', shown: '--version', effect: /Steve Baker/ },
  { program: 'journalctl', shown: '--version', effect: /^systemd \d/ },
  { program: 'ps', shown: '--version', effect: /procps-ng/ },
  { program: 'pgrep', shown: '--version', effect: /procps-ng/ },
  { program: 'free', shown: '--version', effect: /procps-ng/ },
  { program: 'ss', shown: '--version', effect: /iproute2/ },
  { program: 'lsof', shown: '-v', effect: /lsof version information/ },
  { program: 'column', shown: '--version', effect: /util-linux/ },
  { program: 'jq', shown: '--version', effect: /^jq-\d/ },
];

const AT_ONCE = 8;

/** Options that wait for more to come, or (`-V`) have the effect themselves. */
const NOT_TRIED = new Set(['-f', '-F', '--follow', '--retry', '-V']);
const folder = mkdtempSync(join(tmpdir(), 'expacti-arity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = {
  cwd: folder,
  timeout: 4_000,
  encoding: 'utf8',
  env: {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@localhost',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@localhost',
  },
} as const;

/** Everything the program says; what does not end in time says nothing, so that a slow machine fails no test. */
function said(program: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(program, words, settings, (_, stdout, stderr) => resolve(stdout + stderr));
    child.stdin?.end();
  });
}

const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');
const withoutValue = ({ flags, optional, optionalNumber }: Options): string[] =>
  [...wordsOf(flags), ...wordsOf(optional), ...wordsOf(optionalNumber)].filter((option) => !NOT_TRIED.has(option));

/** The options after which another option has its effect although the table says that it has none there. */
async function misread(program: string, words: readonly string[], options: Options, shown: string, effect: RegExp) {
  const takesEffect = async (own: readonly string[]): Promise<boolean> =>
    effect.test(await said(program, [...words, ...own, shown]));
  const tried = [
    ...wordsOf(options.valued).map((option) => ({ own: [option], wrong: `${option} takes no next word` })),
    ...withoutValue(options).map((option) => ({ own: [option, '--'], wrong: `${option} takes the next word` })),
  ];
  const found: string[] = [];
  // A few at a time: starting programs is all that this test does.
  for (let at = 0; at < tried.length; at += AT_ONCE) {
    const some = tried.slice(at, at + AT_ONCE);
    const effects = await Promise.all(some.map(({ own }) => takesEffect(own)));
    found.push(...some.flatMap(({ wrong }, index) => (effects[index] === true ? [wrong] : [])));
  }
  return found;
}

function shows(program: string, words: readonly string[], effect: RegExp): boolean {
  const { stdout, stderr } = spawnSync(program, words, { ...settings, input: '' });
  return effect.test(`${stdout ?? ''}${stderr ?? ''}`);
}

describe('options take the words that the table says, tried with the program itself', () => {
  for (const { program, shown, effect } of PROBES) {
    const test = shows(program, [shown], effect) ? it : it.skip;
    test(`${program} (where this implementation of it is installed)`, async () => {
      expect(await misread(program, [], PROGRAM_OPTIONS[program] ?? {}, shown, effect)).toEqual([]);
    });
  }

  const find = shows('find', ['-version'], /GNU findutils/) ? it : it.skip;
  find('find (where GNU findutils are installed)', async () => {
    const { flags, valued } = PROGRAM_OPTIONS.find ?? {};
    const isShown = async (option: string): Promise<boolean> =>
      /GNU findutils/.test(await said('find', [option, '-version']));
    for (const option of wordsOf(flags)) expect([option, await isShown(option)]).toEqual([option, true]);
    for (const option of wordsOf(valued)) expect([option, await isShown(option)]).toEqual([option, false]);
  });

  const git = shows('git', ['--version'], /^git version/) ? describe : describe.skip;
  git('git (where it is installed)', () => {
    const unknown = '--no-such-option';
    const complaint = /(unrecogni|unknown option|invalid option|unknown switch).*no-such-option/;
    const subcommands = Object.entries(PROGRAM_OPTIONS.git?.subcommands ?? {}).filter(
      ([, options]) => options.spelled !== true && options.subcommands === undefined,
    );
    beforeAll(async () => {
      await said('git', ['init', '-q']);
      await said('git', ['commit', '-q', '--allow-empty', '-m', 'first']);
    });

    it.each(subcommands)('%s', async (name, options) => {
      expect(await misread('git', [name], options, unknown, complaint)).toEqual([]);
    });
  });
});
