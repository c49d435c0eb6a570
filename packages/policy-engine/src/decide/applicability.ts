import { applicabilityKey, type RuleBucket, type RuleEntry } from '../index/rule-bucket.js';
import type { CommandRequest, DecisionRequest } from '../request.js';
import type { Rule } from '../rule.js';
import type { Snapshot } from '../snapshot.js';

const NO_GROUPS: readonly string[] = [];

/** Which rules are in force for one request at one moment. */
export class Applicability {
  private cachedKeys: string[] | null = null;

  constructor(
    readonly snapshot: Snapshot,
    readonly request: DecisionRequest,
    private readonly now: number,
  ) {}

  /** The groups of the request's target. */
  get targetGroups(): readonly string[] {
    const { target } = this.request;
    const groups = this.snapshot.settings.targetGroups;
    return typeof target === 'string' && Object.hasOwn(groups, target) ? (groups[target] ?? NO_GROUPS) : NO_GROUPS;
  }

  /** Visits the rules of a bucket that are in force. */
  visit(bucket: RuleBucket | undefined, visit: (entry: RuleEntry) => void): void {
    bucket?.visit(this.keys, (entry) => {
      if (this.isInForce(entry)) visit(entry);
    });
  }

  private isInForce(entry: RuleEntry): boolean {
    const { sequence } = this.snapshot;
    if (entry.added > sequence || sequence >= entry.removed) return false;
    const { rule } = entry;
    const allows = rule.effect === 'allow';
    if (typeof rule.expires_at === 'number') {
      // Where a time is not a number, an allow rule is over and a deny rule goes on.
      const over = allows ? !(this.now < rule.expires_at) : this.now >= rule.expires_at;
      if (over) return false;
    }
    return this.request.kind !== 'command' || suits(rule, this.request);
  }

  private readonly keys = (): readonly string[] => {
    this.cachedKeys ??= keysOf(this.request, this.targetGroups);
    return this.cachedKeys;
  };
}

function suits(rule: Rule, request: CommandRequest): boolean {
  if (typeof rule.shell === 'string' && rule.shell !== request.shell) return false;
  if (typeof rule.cwd !== 'string' || rule.cwd === request.cwd) return true;
  // A deny rule for one folder also speaks where the folder is not known.
  return rule.effect !== 'allow' && typeof request.cwd !== 'string';
}

/** Every key under which a rule for this request may be filed. */
function keysOf(request: DecisionRequest, targetGroups: readonly string[]): string[] {
  const scopes = ['', ...targetGroups.map((id) => `group ${id}`)];
  if (typeof request.target === 'string') scopes.push(`target ${request.target}`);
  const agents = ['', request.agent_id];
  const sessions = typeof request.session_id === 'string' ? ['', request.session_id] : [''];
  return scopes.flatMap((scope) =>
    agents.flatMap((agent) => sessions.map((session) => applicabilityKey(scope, agent, session))),
  );
}
