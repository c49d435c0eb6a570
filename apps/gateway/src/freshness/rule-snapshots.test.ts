import type { AgentPrincipal, RpcResponse, Rule, Submission } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { eventually, FakeClock } from '@expacti/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Authorities, held } from '../../test/authorities.js';
import { agent, gatewayOptions, identityChange, ORG, orgSettings, rule, silent } from '../../test/fixtures.js';
import { judge } from '../judgement/judgement.js';
import { resolveSubmission } from '../judgement/resolve-submission.js';
import { LONGEST_UNCONFIRMED_MS } from './confirmation-rounds.js';
import { IdentityLease, PolicyLease } from './leases.js';
import { OrgSettings } from './org-settings.js';
import { type OrgRules, RuleSnapshots, toEngineRule } from './rule-snapshots.js';

type Snapshot = RpcResponse<'policy.snapshot'>;
type Targets = Snapshot['targets'];

const options = gatewayOptions();
const bot = agent();
const deploy = rule('deploy');
const test = rule('deploy test');

const full = (version: number, rules: Rule[], targets: Targets = []): Snapshot => ({
  type: 'full',
  org: ORG,
  version,
  targets,
  policies: [],
  rules,
});
const delta = (since: number, version: number, upserted: Rule[], removed: string[]): Snapshot => ({
  type: 'delta',
  org: ORG,
  version,
  since,
  targets: [],
  policies: [],
  upserted,
  removed,
});

let clock: FakeClock;
let authorities: Authorities;
let settings: OrgSettings;
let snapshots: RuleSnapshots;

beforeEach(async () => {
  clock = new FakeClock();
  authorities = new Authorities();
  const lease = new IdentityLease(authorities.client, clock, silent, options);
  const policyLease = new PolicyLease(authorities.client, clock, silent, options);
  settings = new OrgSettings(authorities.client, clock, lease);
  snapshots = new RuleSnapshots(authorities.client, settings, silent, options, policyLease, lease, clock);
  await Promise.all([lease.start(), policyLease.start()]);
  authorities.answer('policy.snapshot', () => full(1, [deploy]));
});

function verdict(rules: OrgRules, command: string, by: AgentPrincipal = bot, more: Partial<Submission> = {}): string {
  const submission = { kind: 'command', command, ...more } as Submission;
  const session = { id: 'ses_1', target: null };
  return judge(rules, resolveSubmission(by, submission, session, rules.targets), Date.UTC(2026, 0, 2)).decision.verdict;
}
const now = async () => snapshots.get(ORG);

/** Time goes by in steps that leave whoever renews a lease the time to. */
async function passing(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500);
    await new Promise(setImmediate);
  }
}

describe('the rules of an org', () => {
  it('are loaded once, however many ask at first', async () => {
    const both = await Promise.all([now(), now()]);
    expect(both[0]).toBe(both[1]);
    expect(await now()).toBe(both[0]);
    expect(authorities.questions('policy.snapshot')).toEqual([{ org: ORG, since: null }]);
    expect(verdict(both[0], 'deploy')).toBe('allow');
    expect(verdict(both[0], 'deploy test')).toBe('review');
  });

  it('are asked for again after a first load that failed', async () => {
    authorities.fail('policy.snapshot');
    await expect(now()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    authorities.answer('policy.snapshot', () => full(1, [deploy]));
    expect(verdict(await now(), 'deploy')).toBe('allow');
  });

  it('do not load without the settings of the org', async () => {
    authorities.fail('identity.org');
    await expect(now()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('change by the difference, and what was handed out before stays as it was', async () => {
    const before = await now();
    authorities.answer('policy.snapshot', () => delta(1, 2, [test], [deploy.id]));
    await snapshots.onChanged({ org: ORG, version: 2 });
    expect(authorities.questions('policy.snapshot').at(-1)).toEqual({ org: ORG, since: 1 });
    const after = await now();
    expect([verdict(before, 'deploy'), verdict(before, 'deploy test')]).toEqual(['allow', 'review']);
    expect([verdict(after, 'deploy'), verdict(after, 'deploy test')]).toEqual(['review', 'allow']);
    expect(after.version).toBe(2);
  });

  it('are replaced where the difference would be too long', async () => {
    await now();
    authorities.answer('policy.snapshot', () => full(9, [test]));
    await snapshots.onChanged({ org: ORG, version: 9 });
    expect([verdict(await now(), 'deploy'), verdict(await now(), 'deploy test')]).toEqual(['review', 'allow']);
  });

  it('hear of a change that comes during the first load', async () => {
    const answer = held<Snapshot>();
    authorities.answer('policy.snapshot', ({ since }) =>
      since === null ? answer.promise : delta(1, 2, [], [deploy.id]),
    );
    const first = now();
    const told = snapshots.onChanged({ org: ORG, version: 2 });
    answer.give(full(1, [deploy]));
    await Promise.all([first, told]);
    expect(verdict(await now(), 'deploy')).toBe('review');
    expect(authorities.questions('policy.acknowledge')).toEqual([
      { gateway_id: options.gatewayId, org: ORG, version: 2 },
    ]);
  });

  it('apply changes one after the other, and skip what an earlier difference brought along', async () => {
    await now();
    authorities.answer('policy.snapshot', ({ since }) =>
      since === 1 ? delta(1, 3, [test], [deploy.id]) : full(99, []),
    );
    await Promise.all([2, 3].map((version) => snapshots.onChanged({ org: ORG, version })));
    expect((await now()).version).toBe(3);
    expect(authorities.questions('policy.snapshot')).toHaveLength(2);
    expect(authorities.questions('policy.acknowledge').map(({ version }) => version)).toEqual([2, 3]);
  });

  it('leave nothing stale in force when an update fails, and say so to whoever waits for that', async () => {
    await now();
    authorities.fail('policy.snapshot');
    await snapshots.onChanged({ org: ORG, version: 2 });
    await expect(now()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    // Nothing of the old version can act here any more, which is what the acknowledgement says.
    expect(authorities.questions('policy.acknowledge')).toHaveLength(1);
    authorities.answer('policy.snapshot', ({ since }) => (since === null ? full(2, [test]) : delta(1, 2, [], [])));
    expect(verdict(await now(), 'deploy')).toBe('review');
  });

  it('are not patched with a difference from another version', async () => {
    await now();
    authorities.answer('policy.snapshot', () => delta(7, 8, [test], []));
    await snapshots.onChanged({ org: ORG, version: 8 });
    authorities.answer('policy.snapshot', () => full(8, []));
    expect(verdict(await now(), 'deploy')).toBe('review');
  });
});

describe('the acknowledgement of a change', () => {
  it('waits until the decisions that began before are through, and for no later one', async () => {
    await now();
    const earlier = held<void>();
    const decided = snapshots.inFlight.track(() => earlier.promise);
    authorities.answer('policy.snapshot', () => delta(1, 2, [], [deploy.id]));
    const told = snapshots.onChanged({ org: ORG, version: 2 });
    while (((await now()) as OrgRules).version < 2) await new Promise(setImmediate);
    const later = held<void>();
    await new Promise(setImmediate);
    const stillRuns = snapshots.inFlight.track(() => later.promise);
    expect(authorities.questions('policy.acknowledge')).toEqual([]);
    earlier.give();
    await Promise.all([decided, told]);
    expect(authorities.questions('policy.acknowledge')).toHaveLength(1);
    later.give();
    await stillRuns;
  });

  it('comes at once for an org that nobody asked for', async () => {
    await snapshots.onChanged({ org: ORG, version: 5 });
    expect(authorities.questions('policy.acknowledge')).toHaveLength(1);
    expect(authorities.questions('policy.snapshot')).toEqual([]);
  });

  it('is repeated when it was lost, and what was changed is in force meanwhile', async () => {
    await now();
    authorities.fail('policy.acknowledge');
    authorities.answer('policy.snapshot', () => delta(1, 2, [], [deploy.id]));
    const told = snapshots.onChanged({ org: ORG, version: 2 });
    await eventually(() => authorities.questions('policy.acknowledge').length === 1);
    expect(verdict(await now(), 'deploy')).toBe('review');
    authorities.answer('policy.acknowledge', () => ({}));
    await passing(1_000);
    await told;
    expect(authorities.questions('policy.acknowledge')).toEqual(
      [1, 2].map(() => ({ gateway_id: options.gatewayId, org: ORG, version: 2 })),
    );
  });
});

describe('rules whose change nobody was told of', () => {
  /** Rules at version 1, and an authority that has removed the only one since. */
  const missed = async () => {
    await now();
    authorities.answer('policy.snapshot', ({ since }) => delta(since ?? 0, 2, [], [deploy.id]));
  };

  it('are made up for within a minute, and acknowledged', async () => {
    await missed();
    await passing(LONGEST_UNCONFIRMED_MS);
    expect(verdict(await now(), 'deploy')).toBe('review');
    expect(authorities.questions('policy.acknowledge')).toEqual([
      { gateway_id: options.gatewayId, org: ORG, version: 2 },
    ]);
  });

  it('stay the very same where nothing changed, and are asked about for as long as they are held', async () => {
    const before = await now();
    authorities.answer('policy.snapshot', ({ since }) => delta(since ?? 0, 1, [], []));
    await passing(3 * LONGEST_UNCONFIRMED_MS);
    expect(await now()).toBe(before);
    expect(authorities.questions('policy.acknowledge')).toEqual([]);
    expect(authorities.questions('policy.snapshot').length).toBeGreaterThanOrEqual(4);
    expect(snapshots.oldestAgeSeconds()).toBeLessThanOrEqual(LONGEST_UNCONFIRMED_MS / 1_000);
  });

  it('stay while nobody can tell, and are asked about again soon', async () => {
    const before = await now();
    authorities.fail('policy.snapshot');
    await passing(LONGEST_UNCONFIRMED_MS);
    expect(await now()).toBe(before);
    await missed();
    await passing(10_000);
    expect(verdict(await now(), 'deploy')).toBe('review');
  });

  it('keep no later hint waiting while they are asked about', async () => {
    await now();
    const late = held<Snapshot>();
    authorities.answer('policy.snapshot', () => late.promise);
    await passing(LONGEST_UNCONFIRMED_MS);
    expect(authorities.questions('policy.snapshot').length).toBe(2);
    authorities.answer('policy.snapshot', () => delta(1, 2, [], [deploy.id]));
    await snapshots.onChanged({ org: ORG, version: 2 });
    expect(verdict(await now(), 'deploy')).toBe('review');
    late.give(delta(1, 1, [], []));
    await new Promise(setImmediate);
    expect((await now()).version).toBe(2);
  });

  it('follow settings that changed unheard', async () => {
    authorities.answer('policy.snapshot', ({ since }) =>
      since === null ? full(1, [rule('echo $HOME')]) : delta(1, 1, [], []),
    );
    authorities.answer('identity.org', () => orgSettings({ remember_dynamic: 'yes' }));
    expect(verdict(await now(), 'echo $HOME')).toBe('allow');
    authorities.answer('identity.org', () => orgSettings({ remember_dynamic: 'never' }));
    await passing(2 * LONGEST_UNCONFIRMED_MS);
    expect(verdict(await now(), 'echo $HOME')).toBe('review');
  });

  it('are not asked about any more by a gateway that stops', async () => {
    await missed();
    snapshots.stop();
    await passing(2 * LONGEST_UNCONFIRMED_MS);
    expect(authorities.questions('policy.snapshot')).toHaveLength(1);
  });
});

describe('what the engine is told beside the rules', () => {
  const dynamic = 'echo $HOME';

  it('is whether a line that can change may be remembered, from the first load on', async () => {
    authorities.answer('policy.snapshot', () => full(1, [rule(dynamic)]));
    authorities.answer('identity.org', () => orgSettings({ remember_dynamic: 'yes' }));
    expect(verdict(await now(), dynamic)).toBe('allow');
  });

  it.each(['session', 'never'] as const)('keeps such a line for a person where the org says %s', async (choice) => {
    authorities.answer('policy.snapshot', () => full(1, [rule(dynamic)]));
    authorities.answer('identity.org', () => orgSettings({ remember_dynamic: choice }));
    expect(verdict(await now(), dynamic)).toBe('review');
  });

  it('follows the org when it changes its mind', async () => {
    authorities.answer('policy.snapshot', () => full(1, [rule(dynamic)]));
    authorities.answer('identity.org', () => orgSettings({ remember_dynamic: 'yes' }));
    const before = await now();
    authorities.answer('identity.org', () => orgSettings({ remember_dynamic: 'never' }));
    settings.forget(identityChange());
    await snapshots.settingsChanged(ORG);
    expect([verdict(before, dynamic), verdict(await now(), dynamic)]).toEqual(['allow', 'review']);
    expect(authorities.questions('policy.snapshot')).toHaveLength(1);
  });

  it('counts the rules of an owner for their own agents only where one person may approve', async () => {
    const owner = newId('usr');
    const own = rule('uptime', { created_by: { id: owner, name: 'Olga' } });
    authorities.answer('policy.snapshot', () => full(1, [own]));
    const owned = agent({ owner_id: owner });
    const before = await now();
    expect([verdict(before, 'uptime', owned), verdict(before, 'uptime', agent())]).toEqual(['review', 'allow']);
    authorities.answer('identity.org', () => orgSettings({ one_person_approval: true }));
    settings.forget(identityChange());
    await snapshots.settingsChanged(ORG);
    expect(verdict(await now(), 'uptime', owned)).toBe('allow');
  });

  it('leaves no rule in force when the new settings cannot be read', async () => {
    await now();
    authorities.fail('identity.org');
    settings.forget(identityChange());
    await snapshots.settingsChanged(ORG);
    await expect(now()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('asks nobody about an org whose rules are not held', async () => {
    await snapshots.settingsChanged(ORG);
    expect(authorities.questions('identity.org')).toEqual([]);
  });

  it('is which targets are in production and in which group', async () => {
    const group = newId('grp');
    const target = { id: newId('tgt'), name: 'web', shell: null, production: true, group_ids: [group] };
    const scoped = rule('deploy', { scope: { type: 'group', id: group } });
    authorities.answer('policy.snapshot', () => full(1, [scoped], [target]));
    const rules = await now();
    expect(verdict(rules, 'deploy')).toBe('review');
    expect(verdict(rules, 'deploy', bot, { target: 'web' })).toBe('allow');
    expect([...rules.snapshot.settings.productionTargets]).toEqual([target.id]);
  });
});

describe('a supposed rule', () => {
  const supposed = toEngineRule(test);

  it('counts for whoever supposes it, and for nobody else', async () => {
    const supposition = await snapshots.supposing(ORG, supposed);
    expect([verdict(supposition, 'deploy'), verdict(supposition, 'deploy test')]).toEqual(['allow', 'allow']);
    expect([verdict(await now(), 'deploy'), verdict(await now(), 'deploy test')]).toEqual(['allow', 'review']);
  });

  it('leaves the rules in force the newest of their line, so that the next change stays cheap', async () => {
    const { index } = (await now()).snapshot;
    for (let again = 0; again < 3; again += 1) await snapshots.supposing(ORG, supposed);
    authorities.answer('policy.snapshot', () => delta(1, 2, [], [deploy.id]));
    await snapshots.onChanged({ org: ORG, version: 2 });
    const after = await now();
    expect(after.snapshot.index).toBe(index);
    expect([verdict(after, 'deploy'), verdict(after, 'deploy test')]).toEqual(['review', 'review']);
  });

  it('does not get in the way of a change that is being fetched', async () => {
    await now();
    const answer = held<Snapshot>();
    authorities.answer('policy.snapshot', () => answer.promise);
    const told = snapshots.onChanged({ org: ORG, version: 2 });
    await snapshots.supposing(ORG, supposed);
    answer.give(delta(1, 2, [], [deploy.id]));
    await told;
    expect([verdict(await now(), 'deploy'), verdict(await now(), 'deploy test')]).toEqual(['review', 'review']);
  });
});

describe('rules that were in memory when a lease lapsed', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  /** Nobody answers for longer than a lease lasts; then they do again, and the news of the change has not come. */
  async function lapse(pattern: 'policy.renew_lease' | 'identity.renew_lease'): Promise<void> {
    authorities.fail(pattern);
    for (let round = 0; round < 5; round += 1) {
      clock.advance(500);
      await turn();
    }
    authorities.answer(pattern, () => ({ lease_ms: 2_000 }));
    clock.advance(500);
    await turn();
  }

  it('are read again before they count again: what changed meanwhile waited for nobody', async () => {
    expect(verdict(await now(), 'deploy')).toBe('allow');
    for (const pattern of ['policy.renew_lease', 'identity.renew_lease'] as const) {
      const asked = authorities.questions('policy.snapshot').length;
      authorities.answer('policy.snapshot', () => full(2, []));
      await lapse(pattern);
      expect(verdict(await now(), 'deploy')).toBe('review');
      expect(authorities.questions('policy.snapshot').slice(asked)).toEqual([{ org: ORG, since: null }]);
    }
  });

  it('are read once more when they were on their way just then', async () => {
    const answer = held<Snapshot>();
    authorities.answer('policy.snapshot', () => answer.promise);
    const loading = now();
    await lapse('policy.renew_lease');
    authorities.answer('policy.snapshot', () => full(2, []));
    answer.give(full(1, [deploy]));
    expect(verdict(await loading, 'deploy')).toBe('review');
  });

  it('stay where it is renewed in time', async () => {
    const first = await now();
    for (let round = 0; round < 10; round += 1) {
      clock.advance(500);
      await turn();
    }
    expect(await now()).toBe(first);
  });
});
