import type { DistributedSystem } from '../support/distributed-system.js';
import { caller, REVIEWER_TOKEN } from '../support/rest.js';
import { Probe, type Probed } from './probe.js';
import { ROUTINE_PATTERN } from './story.js';
import { comesTrue } from './withstand.js';

export const newRule = async ({ url }: { url: string }, effect: 'allow' | 'deny', pattern: string): Promise<string> => {
  const rule = { effect, pattern_type: 'glob', pattern, scope: { type: 'global' } };
  const { status, body } = await caller(url, REVIEWER_TOKEN)('POST', '/rules', rule);
  if (status !== 201) throw new Error(`the rule was not made: ${status} ${JSON.stringify(body)}`);
  return body.id;
};

/** The token of an agent of its own. */
export async function newAgent({ url }: { url: string }, name: string): Promise<string> {
  const owner = caller(url, REVIEWER_TOKEN);
  const made = await owner('POST', '/agents', { name });
  const issued = await owner('POST', `/agents/${made.body.id}/tokens`, { name });
  if (issued.status !== 201) throw new Error(`no token was issued: ${issued.status} ${JSON.stringify(issued.body)}`);
  return issued.body.token;
}

/** What the load's rule allows. */
export const ROUTINE = ROUTINE_PATTERN.replace('*', 'probe');

/** What no rule decides; reviewers of a load leave it alone. */
export const HELD = 'make probe';

let made = 0;

/** At each gateway one agent that asks for something routine and one that asks for what people decide. */
export class Probes {
  private constructor(
    readonly routine: readonly Probe[],
    readonly held: readonly Probe[],
  ) {}

  /** Puts them to work for as long as the work takes, and waits until they have been answered before it begins. */
  static async use(system: DistributedSystem, work: (probes: Probes) => Promise<void>): Promise<void> {
    const each = (command: string) =>
      Promise.all(
        system.urls.map(async (url, index) => {
          made += 1;
          const token = await newAgent(system, `probe ${made}`);
          const others = [...system.urls.slice(index + 1), ...system.urls.slice(0, index)];
          return new Probe([url, ...others], token, command);
        }),
      );
    const probes = new Probes(await each(ROUTINE), await each(HELD));
    try {
      await probes.areServedAgain();
      await work(probes);
    } finally {
      await Promise.all(probes.all.map((probe) => probe.stop()));
    }
  }

  get all(): readonly Probe[] {
    return [...this.routine, ...this.held];
  }

  /** What was allowed so far, by whichever gateway. */
  get allowed(): Probed[] {
    return this.all.flatMap(({ answers }) => answers.filter(({ outcome }) => outcome === 'allowed'));
  }

  /** Resolves when each has asked once more and was answered as on a good day. */
  async areServedAgain(): Promise<void> {
    const since = performance.now();
    const isServed = (expected: RegExp) => (probe: Probe) => {
      const newest = probe.answers.at(-1);
      return newest !== undefined && newest.sentAt > since && expected.test(newest.outcome);
    };
    await comesTrue(
      () => this.routine.every(isServed(/^allowed$/)) && this.held.every(isServed(/^(pending|TOO_MANY_PENDING)$/)),
      'good answers to every probe',
    );
  }
}
