import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '@expacti/testkit';
import type { Frame } from '../support/agent.js';
import { type DistributedOptions, DistributedSystem } from '../support/distributed-system.js';
import { REVIEWER_TOKEN } from '../support/rest.js';
import { deadLetters, describeLetter } from './dead-letters.js';
import { type Load, type LoadOptions, type LoadRecord, runLoad } from './load.js';
import { verdict } from './verdict.js';

const MOST_SECONDS_TO_RECOVER = 90;
/** Of all agents together. What is broken in between matters, not how much there is to do. */
const SUBMISSIONS_PER_SECOND = 40;

/** Processes that a load can work on. */
export const startSystem = (options: DistributedOptions = {}): Promise<DistributedSystem> =>
  DistributedSystem.start({
    ...options,
    settings: { eval: 'true', limits__public_requests_per_second: '1000', ...options.settings },
  });

/**
 * Fifty agents and five reviewers at work while `during` breaks things; afterwards everything drains, and no promise was
 * broken. Throws with what was, and with where to find what the processes printed.
 * @param options of the load, and which dead letters the test itself is the cause of
 */
export async function withstand(
  system: DistributedSystem,
  during: (load: Load) => Promise<void>,
  { isMeant = () => false, ...options }: Partial<LoadOptions> & { isMeant?: (letter: Frame) => boolean } = {},
): Promise<LoadRecord> {
  const at = { urls: system.urls, ownerToken: REVIEWER_TOKEN };
  const withinMs = MOST_SECONDS_TO_RECOVER * 1_000;
  try {
    const record = await runLoad({ ...at, perSecond: SUBMISSIONS_PER_SECOND, ...options }, during, withinMs);
    const letters = async () => (await deadLetters(system)).filter((letter) => !isMeant(letter)).map(describeLetter);
    const violations = await verdict({ ...at, record, withinMs, deadLetters: letters });
    if (violations.length === 0) return record;
    const told = violations.slice(0, 20).map(({ kind, about, says }) => `${kind}: ${about}: ${says}`);
    throw new Error(`${violations.length} of ${record.stories.length} stories ended wrongly:\n${told.join('\n')}`);
  } catch (error) {
    throw new Error(`What the processes printed is in ${keepOutput(system)}`, { cause: error });
  }
}

/** Resolves when agents know the outcome of so many commands more. */
export async function decideMore(load: Load, more: number): Promise<void> {
  const enough = load.decided + more;
  await comesTrue(() => load.decided >= enough, `${more} more decisions`);
}

/** Looks now and then: the load needs the turns of the event loop more than this. */
export const comesTrue = (condition: () => boolean | Promise<boolean>, description: string): Promise<boolean> =>
  eventually(() => after(10).then(condition), description, MOST_SECONDS_TO_RECOVER * 1_000);

function keepOutput({ processes }: DistributedSystem): string {
  const folder = mkdtempSync(join(tmpdir(), 'expacti-faults-'));
  for (const { name, output } of processes) writeFileSync(join(folder, `${name}.log`), output);
  return folder;
}
