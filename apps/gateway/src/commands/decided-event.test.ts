import { type AgentPrincipal, EVENTS, ID_PREFIXES, Submission } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { newId } from '@expacti/persistence';
import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommandRig } from '../../test/command-rig.js';
import { agent, rule } from '../../test/fixtures.js';

let rig: CommandRig;
let bot: AgentPrincipal;
const published: BusEvent[] = [];

beforeEach(async () => {
  published.length = 0;
  rig = await CommandRig.start();
  rig.rules.push(
    rule('**', { pattern_type: 'glob' }),
    rule('rm **', { pattern_type: 'glob', effect: 'deny' }),
    rule('*', { pattern_type: 'glob', kind: 'tool_call' }),
    rule('**', { pattern_type: 'glob', kind: 'file_transfer' }),
  );
  await rig.bus.subscribe({
    group: 'test',
    types: ['command.decided'],
    handler: async (one) => void published.push(one),
  });
  bot = await rig.admit(agent());
});
afterEach(() => rig.stop());

// The hot path publishes its event without checking it each time (`provenFact`); this is the proof.
describe('the event of a decision by rule', () => {
  const words = fc.array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('rm', 'ls', '|', ';', '"', '$x', '\ud800')),
  );
  const optional = {
    ref: fc.string({ maxLength: 50 }),
    cwd: fc.constantFrom('/', '/srv/app'),
    reason: fc.string({ unit: 'binary', maxLength: 50 }),
    context: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  };
  const requiredKeys: [] = [];
  const submissions = fc.oneof(
    fc
      .record(optional, { requiredKeys })
      .chain((more) => words.map((parts) => ({ ...more, kind: 'command', command: parts.join(' ') || 'ls' }))),
    fc
      .record(optional, { requiredKeys })
      .chain((more) =>
        fc
          .dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
          .map((args) => ({ ...more, kind: 'tool_call', tool: 'deploy', arguments: args })),
      ),
    fc
      .record(optional, { requiredKeys })
      .map((more) => ({ ...more, kind: 'file_transfer', direction: 'upload', paths: ['/srv/a'] })),
  );

  it('is exactly what the contract asks for, whatever was submitted', async () => {
    let decided = 0;
    await fc.assert(
      fc.asyncProperty(submissions, async (candidate) => {
        const submission = Submission.safeParse(candidate);
        if (!submission.success) return;
        const { command } = await rig.commands.submit(bot, submission.data, null, newId(ID_PREFIXES.command));
        if (command.status !== 'pending') decided += 1;
      }),
      { numRuns: 300 },
    );
    await eventually(() => published.length === decided);
    expect(new Set(published.map(({ payload }) => outcomeOf(payload)))).toEqual(new Set(['allowed', 'denied']));
    for (const { payload } of published) expect(EVENTS['command.decided'].parse(payload)).toEqual(payload);
  });
});

const outcomeOf = (payload: unknown): string => EVENTS['command.decided'].parse(payload).data.decision.outcome;
