import { type Place, placeKey, type RuleBucket, type RuleEntry, RuleFlag } from '../index/rule-bucket.js';
import { plainPath } from '../pattern/path-pattern.js';
import type { CommandRequest, DecisionRequest } from '../request.js';
import type { Snapshot } from '../snapshot.js';

const NO_GROUPS: readonly string[] = [];

/** Which rules are in force for one request at one moment. */
export class Applicability implements Place {
  readonly agent: string;
  readonly session: string | null;
  readonly target: string | null;
  /** The groups of the request's target. */
  readonly targetGroups: readonly string[];
  private cachedKeys: string[] | null = null;
  /** The id of an allow rule that would have spoken, had the agent's owner not made it. */
  ownersRule: string | null = null;
  /** The agent's owner, where their allow rules do not count for it. */
  private readonly owner: string | null;
  private cachedFolder: Folder | null = null;

  constructor(
    readonly snapshot: Snapshot,
    readonly request: DecisionRequest,
    private readonly now: number,
  ) {
    this.agent = request.agent_id;
    this.session = request.session_id ?? null;
    this.target = request.target ?? null;
    this.targetGroups = groupsOf(this.target, snapshot);
    this.owner = snapshot.settings.onePersonApproval ? null : (request.agent_owner_id ?? null);
  }

  /** Visits the rules of a bucket that are in force. */
  visit(bucket: RuleBucket | undefined, visit: (entry: RuleEntry) => void): void {
    bucket?.visit(this, (entry) => {
      if (this.isInForce(entry)) visit(entry);
    });
  }

  private isInForce(entry: RuleEntry): boolean {
    const { sequence } = this.snapshot;
    if (entry.added > sequence || sequence >= entry.removed) return false;
    // Where a time is not a number, an allow rule is over and a deny rule goes on.
    const allows = (entry.flags & RuleFlag.allows) !== 0;
    if (allows ? !(this.now < entry.expiresAt) : this.now >= entry.expiresAt) return false;
    const suits =
      (entry.flags & RuleFlag.setting) === 0 || this.request.kind !== 'command' || this.suits(entry, this.request);
    return suits && !(allows && this.isOfOwner(entry));
  }

  /** Nobody allows what their own agent asks for, by a rule no more than by a vote. */
  private isOfOwner({ rule }: RuleEntry): boolean {
    if (this.owner === null || rule.created_by_id !== this.owner) return false;
    if (rule.shadow !== true) this.ownersRule ??= rule.id;
    return true;
  }

  private suits({ rule, folder, flags }: RuleEntry, request: CommandRequest): boolean {
    if (typeof rule.shell === 'string' && rule.shell !== request.shell) return false;
    if (folder === null) return true;
    this.cachedFolder ??= folderOf(request);
    if (folder === this.cachedFolder.path) return true;
    // A deny rule for one folder also speaks where the folder is not known.
    return !this.cachedFolder.certain && (flags & RuleFlag.allows) === 0;
  }

  keys(): readonly string[] {
    this.cachedKeys ??= keysOf(this);
    return this.cachedKeys;
  }
}

function groupsOf(target: string | null, { settings }: Snapshot): readonly string[] {
  if (target === null || !Object.hasOwn(settings.targetGroups, target)) return NO_GROUPS;
  return settings.targetGroups[target] ?? NO_GROUPS;
}

/** The folder that a command runs in, in the spelling that rules are compared in. */
interface Folder {
  path: string | null;
  /** False where it is not given, not absolute, or has `..` segments: with links on the way, those may lead anywhere. */
  certain: boolean;
}

function folderOf({ cwd }: CommandRequest): Folder {
  if (typeof cwd !== 'string') return { path: null, certain: false };
  const path = plainPath(cwd);
  return { path, certain: path.startsWith('/') && !/\/\.\.(?:\/|$)/.test(path) };
}

function keysOf({ agent, session, target, targetGroups }: Place): string[] {
  const scopes = ['', ...targetGroups.map((id) => `group ${id}`)];
  if (target !== null) scopes.push(`target ${target}`);
  const sessions = session === null ? [''] : ['', session];
  return scopes.flatMap((scope) =>
    ['', agent].flatMap((wanted) => sessions.map((held) => placeKey(scope, wanted, held))),
  );
}
