import type { Command, NewRule, RulePreview, Target, UserPrincipal } from '@expacti/contracts';
import type { Clock, Database } from '@expacti/persistence';
import { type RpcClient, timestamp } from '@expacti/platform';
import { type DecisionRequest, previewRule } from '@expacti/policy-engine';
import { engineRule } from '../domain/engine-rule.js';
import { engineRequest } from '../domain/held-request.js';
import { draftOf, type RuleDraft } from '../domain/rule-draft.js';
import { allTargets } from '../storage/target-repository.js';
import { type RuleService, refuseInvalid } from './rule-service.js';

const DAY_MS = 86_400_000;

/** The newest commands that are looked at; with more, whoever is writing the rule would have to wait. */
const MAX_EXAMINED = 10_000;
const MAX_SAMPLES = 20;

/** How many commands are judged before others get their turn of the event loop. */
const JUDGED_AT_ONCE = 200;

/** How long the command history may take to answer. */
const HISTORY_TIMEOUT_MS = 20_000;

/** Tells what a rule would have meant for the commands of the last days. */
export class RulePreviewer {
  readonly #database: Database;
  readonly #rpc: RpcClient;
  readonly #rules: RuleService;
  readonly #clock: Clock;

  constructor(ports: { database: Database; rpc: RpcClient; rules: RuleService; clock: Clock }) {
    this.#database = ports.database;
    this.#rpc = ports.rpc;
    this.#rules = ports.rules;
    this.#clock = ports.clock;
  }

  async preview({ org }: UserPrincipal, rule: NewRule, days: number): Promise<RulePreview> {
    const now = this.#clock.now();
    const draft = draftOf(rule);
    const rememberDynamic = await this.#rules.rememberDynamic(org);
    refuseInvalid(draft, { now, rememberDynamic });
    const { commands } = await this.#rpc.ask(
      'audit.commands.recent',
      { org, since: timestamp(now - days * DAY_MS), limit: MAX_EXAMINED },
      { timeoutMs: HISTORY_TIMEOUT_MS },
    );
    const targets = await this.#database.read((manager) => allTargets(manager, org));
    const matching = await matchingCommands(draft, commands, targets);
    return {
      days,
      examined: commands.length,
      matches: matching.length,
      samples: matching.slice(0, MAX_SAMPLES).map(sampleOf),
    };
  }
}

const sampleOf = ({ id, command, agent, created_at, status }: Command): RulePreview['samples'][number] => ({
  command_id: id,
  command,
  agent: agent.name,
  created_at,
  status,
});

async function matchingCommands(
  draft: RuleDraft,
  commands: readonly Command[],
  targets: readonly Target[],
): Promise<Command[]> {
  const targetGroups = Object.fromEntries(targets.map((target) => [target.id, target.group_ids]));
  const targetByName = new Map(targets.map((target) => [target.name, target]));
  const rule = engineRule(draft, 'rule');
  const matching: Command[] = [];
  for (let start = 0; start < commands.length; start += JUDGED_AT_ONCE) {
    const judged = commands.slice(start, start + JUDGED_AT_ONCE).flatMap((command) => {
      const request = requestOf(command, targetByName.get(command.target ?? ''));
      return request === null ? [] : [{ command, request }];
    });
    for (const { command } of previewRule(rule, judged, targetGroups).matched) matching.push(command);
    await new Promise(setImmediate);
  }
  return matching;
}

const requestOf = (command: Command, target: Target | undefined): DecisionRequest | null =>
  engineRequest({
    kind: command.kind,
    text: command.command,
    shell: command.shell,
    cwd: command.cwd,
    targetId: target?.id ?? null,
    targetGroupIds: target?.group_ids ?? [],
    agentId: command.agent.id,
    sessionId: command.session_id,
    encrypted: false,
  });
