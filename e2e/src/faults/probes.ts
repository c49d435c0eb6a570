import type { DistributedSystem } from '../support/distributed-system.js';
import { caller, REVIEWER_TOKEN } from '../support/rest.js';
import { Probe, type Probed } from './probe.js';
import { ROUTINE_PATTERN } from './story.js';

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

  static async start(system: DistributedSystem): Promise<Probes> {
    const each = (command: string) =>
      Promise.all(
        system.urls.map(async (url, index) => {
          made += 1;
          const token = await newAgent(system, `probe ${made}`);
          const others = [...system.urls.slice(index + 1), ...system.urls.slice(0, index)];
          return new Probe([url, ...others], token, command);
        }),
      );
    return new Probes(await each(ROUTINE), await each(HELD));
  }

  get all(): readonly Probe[] {
    return [...this.routine, ...this.held];
  }

  /** What was allowed so far, by whichever gateway. */
  get allowed(): Probed[] {
    return this.all.flatMap(({ answers }) => answers.filter(({ outcome }) => outcome === 'allowed'));
  }

  /** Whether each was last answered as on a good day. */
  get areServed(): boolean {
    return this.areServedSince(0);
  }

  /** @param moment of the question, by `performance.now()` */
  areServedSince(moment: number): boolean {
    const fits = (expected: RegExp) => (probe: Probe) => {
      const newest = probe.answers.at(-1);
      return newest !== undefined && newest.sentAt > moment && expected.test(newest.outcome);
    };
    return this.routine.every(fits(/^allowed$/)) && this.held.every(fits(/^(pending|TOO_MANY_PENDING)$/));
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((probe) => probe.stop()));
  }
}
