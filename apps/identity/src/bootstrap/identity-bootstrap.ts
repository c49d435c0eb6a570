import { actorOf, SYSTEM_ACTOR } from '@expacti/contracts';
import { hashToken, newSecret } from '@expacti/crypto';
import { type Database, newId } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { tokenRow } from '../agents/agent-token-service.js';
import { DEMO_REVIEWER_EMAIL, DEMO_REVIEWER_TOKEN, DEMO_SHELL_TOKEN } from '../domain/demo.js';
import { SETUP_LINK_MS } from '../domain/durations.js';
import { newFields } from '../domain/field-changes.js';
import { userPrincipal } from '../domain/principals.js';
import { EvalMode } from '../eval-mode.js';
import { insertNewOrg } from '../people/new-org.js';
import { forgetSetupTokens, isSetupRequired, lockSetup } from '../people/setup-state.js';
import { AgentRow } from '../storage/agent-row.js';
import { AgentTokenRow } from '../storage/agent-token-row.js';
import type { ChangeUnit } from '../storage/change-unit.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { SetupTokenRow } from '../storage/setup-token-row.js';
import { UserRow } from '../storage/user-row.js';

/** What the composition root has to tell whoever started the server. */
export type BootstrapOutcome =
  | { type: 'ready' }
  /** Nobody can sign in yet: the token makes the first owner, once. Each start makes its own. */
  | { type: 'setup-required'; setupToken: string }
  | { type: 'eval'; org: string; shellToken: string; reviewerToken: string };

/** Prepares the database for the first sign-in. Running it again changes nothing but unused set-up tokens. */
@Injectable()
export class IdentityBootstrap {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #writer: IdentityWriter;
  readonly #evalMode: EvalMode;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(IdentityWriter) writer: IdentityWriter,
    @Inject(EvalMode) evalMode: EvalMode,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#writer = writer;
    this.#evalMode = evalMode;
  }

  async run(options: { eval: boolean }): Promise<BootstrapOutcome> {
    this.#evalMode.set(options.eval);
    if (!options.eval) return this.#makeSetupToken();
    const org = await this.#demoOrg();
    return { type: 'eval', org, shellToken: DEMO_SHELL_TOKEN, reviewerToken: DEMO_REVIEWER_TOKEN };
  }

  /** There is one, however many processes look for it at once. */
  #demoOrg(): Promise<string> {
    return this.#writer.change(newId('org'), async (unit) => {
      await lockSetup(unit.manager);
      await forgetSetupTokens(unit.manager);
      const known = await unit.manager.findOneBy(UserRow, { demo: true });
      if (known !== null) return known.org;
      const reviewer = demoReviewer(unit.org, unit.now);
      const choices = { name: 'Evaluation', eval: true, onePersonApproval: true };
      await insertNewOrg(unit, SYSTEM_ACTOR, choices, reviewer);
      await insertDemoAgent(unit, reviewer);
      return unit.org;
    });
  }

  /** Leaves the tokens of processes that have started at the same time, so that each printed link works. */
  #makeSetupToken(): Promise<BootstrapOutcome> {
    const now = this.#clock.now();
    return this.#database.transaction(async (manager): Promise<BootstrapOutcome> => {
      await lockSetup(manager);
      const isRequired = await isSetupRequired(manager);
      await forgetSetupTokens(manager, isRequired ? now - SETUP_LINK_MS : undefined);
      if (!isRequired) return { type: 'ready' };
      const setupToken = `setup_${newSecret()}`;
      await manager.insert(SetupTokenRow, { tokenHash: hashToken(setupToken), createdAt: now });
      return { type: 'setup-required', setupToken };
    });
  }
}

const demoReviewer = (org: string, now: number): UserRow => ({
  id: newId('usr'),
  org,
  email: DEMO_REVIEWER_EMAIL,
  name: 'Demo Reviewer',
  roles: ['owner'],
  active: true,
  passwordHash: null,
  demo: true,
  createdAt: now,
  lastSignInAt: null,
});

async function insertDemoAgent(unit: ChangeUnit, owner: UserRow): Promise<void> {
  const agent: AgentRow = {
    id: newId('agt'),
    org: unit.org,
    name: 'demo-agent',
    description: 'Uses the published token of the evaluation.',
    ownerId: owner.id,
    suspended: false,
    createdAt: unit.now,
    lastSeenAt: null,
  };
  const token = tokenRow(unit.org, agent.id, DEMO_SHELL_TOKEN, { name: 'evaluation' }, unit.now);
  await unit.manager.insert(AgentRow, agent);
  await unit.manager.insert(AgentTokenRow, token);
  const actor = actorOf(userPrincipal(owner, null));
  unit.record('agent.created', actor, { type: 'agent', id: agent.id }, newFields({ name: agent.name }));
  unit.record(
    'token.issued',
    actor,
    { type: 'token', id: token.id },
    newFields({ name: token.name, agent_id: agent.id }),
  );
}
