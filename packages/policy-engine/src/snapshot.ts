import type { ApprovalPolicy } from './approval/requirement.js';
import { PROGRAM_OPTIONS } from './data/program-options.js';
import { type OptionTables, optionTables, type ProgramOptions } from './guard/option-table.js';
import { compileRule } from './index/compile-rule.js';
import type { RuleEntry } from './index/rule-bucket.js';
import { RuleIndex } from './index/rule-index.js';
import type { Rule } from './rule.js';

/** May exact rules be made for lines that can do something else tomorrow (dynamic words, a file run by its path)? */
export type RememberDynamic = 'never' | 'session' | 'yes';

/** Everything that judging needs of one org. Arrays and records are kept, not copied: do not change them afterwards. */
export interface SnapshotInput {
  org: string;
  version: number;
  rules: readonly Rule[];
  /** Group ids by target id. */
  targetGroups?: Readonly<Record<string, readonly string[]>>;
  policies?: readonly ApprovalPolicy[];
  /** Production targets and the like, by target id, for risk. */
  productionTargets?: readonly string[];
  rememberDynamic?: RememberDynamic;
  /** May people allow what their own agents ask for? Without it, allow rules of an agent's owner do not count for the agent. */
  onePersonApproval?: boolean;
  /** The org's own additions to the shipped tables of harmless options; they replace a shipped entry. */
  programOptions?: Readonly<Record<string, ProgramOptions>>;
}

/** What changed since a snapshot. Absent parts stay as they are. */
export interface SnapshotChange extends Partial<Omit<SnapshotInput, 'org' | 'version' | 'rules'>> {
  version: number;
  upserted?: readonly Rule[];
  removed?: readonly string[];
}

/** A rule that could not be read: it allows nothing; a deny or review rule sends everything in its scope to review. */
export interface RuleProblem {
  rule_id: string;
  message: string;
}

/** Builds the index from all rules. Takes about a second for 100 000; use `with` for changes. */
export function createSnapshot(input: SnapshotInput): Snapshot {
  const generation = new Generation();
  for (const rule of input.rules) generation.upsert(rule, FIRST_SEQUENCE);
  return new Snapshot(generation, FIRST_SEQUENCE, settingsOf(input, null));
}

interface Settings {
  org: string;
  version: number;
  targetGroups: Readonly<Record<string, readonly string[]>>;
  policies: readonly ApprovalPolicy[];
  productionTargets: ReadonlySet<string>;
  rememberDynamic: RememberDynamic;
  onePersonApproval: boolean;
  tables: OptionTables;
}

const FIRST_SEQUENCE = 1;
const SHIPPED_TABLES = optionTables(PROGRAM_OPTIONS);

/** The rules of an org at one version. Immutable as seen from outside: an older snapshot keeps giving the same answers. */
export class Snapshot {
  constructor(
    private readonly generation: Generation,
    /** Entries added up to here and not removed up to here are in force. */
    readonly sequence: number,
    readonly settings: Settings,
  ) {}

  get org(): string {
    return this.settings.org;
  }

  get version(): number {
    return this.settings.version;
  }

  get index(): RuleIndex {
    return this.generation.index;
  }

  /** The rules of this version, in no particular order. */
  rules(): Rule[] {
    return this.entries().map((entry) => entry.rule);
  }

  rule(id: string): Rule | undefined {
    return this.entries().find((entry) => entry.rule.id === id)?.rule;
  }

  /** The rules that could not be read. */
  problems(): RuleProblem[] {
    return this.entries().flatMap(({ pattern, rule }) =>
      pattern.type === 'broken' ? [{ rule_id: rule.id, message: pattern.problem }] : [],
    );
  }

  /**
   * The next version. Costs what the change holds, not what the snapshot holds, when called on the newest snapshot;
   * called on an older one it builds an index of its own.
   */
  with(change: SnapshotChange): Snapshot {
    const base = this.generation.head === this.sequence ? this.generation : this.fork();
    const sequence = base.head + 1;
    for (const id of change.removed ?? []) base.remove(id, sequence);
    for (const rule of change.upserted ?? []) base.upsert(rule, sequence);
    base.head = sequence;
    return new Snapshot(base.compacted(), sequence, settingsOf(change, this.settings));
  }

  private entries(): RuleEntry[] {
    return this.generation.all.filter((entry) => entry.added <= this.sequence && this.sequence < entry.removed);
  }

  private fork(): Generation {
    const generation = new Generation();
    for (const entry of this.entries()) generation.upsert(entry.rule, FIRST_SEQUENCE);
    return generation;
  }
}

function settingsOf(change: Partial<SnapshotInput>, previous: Settings | null): Settings {
  const { programOptions, productionTargets } = change;
  return {
    org: previous?.org ?? change.org ?? '',
    version: change.version ?? previous?.version ?? 0,
    targetGroups: change.targetGroups ?? previous?.targetGroups ?? {},
    policies: change.policies ?? previous?.policies ?? [],
    productionTargets:
      productionTargets === undefined ? (previous?.productionTargets ?? new Set()) : new Set(productionTargets),
    rememberDynamic: change.rememberDynamic ?? previous?.rememberDynamic ?? 'session',
    onePersonApproval: change.onePersonApproval ?? previous?.onePersonApproval ?? false,
    tables:
      programOptions === undefined
        ? (previous?.tables ?? SHIPPED_TABLES)
        : new Map([...SHIPPED_TABLES, ...optionTables(programOptions)]),
  };
}

/**
 * The index that a line of snapshots shares. It only grows; what is removed stays in it, invisible, until more is removed
 * than lives. Then a successor is filled a few entries at each change, so that no single change waits for all of it.
 */
class Generation {
  readonly index = new RuleIndex();
  readonly all: RuleEntry[] = [];
  head = FIRST_SEQUENCE;
  private live = new Map<string, RuleEntry>();
  private successor: Generation | null = null;
  private moved = 0;

  upsert(rule: Rule, sequence: number): void {
    this.remove(rule.id, sequence);
    const entry = compileRule(rule, sequence);
    this.live.set(rule.id, entry);
    this.file(entry);
  }

  remove(id: string, sequence: number): void {
    const entry = this.live.get(id);
    if (entry === undefined) return;
    entry.removed = sequence;
    this.live.delete(id);
  }

  /** This generation, or its successor once everything has moved there. */
  compacted(): Generation {
    const dead = this.all.length - this.live.size;
    if (this.successor === null && dead > this.live.size + COMPACTION_SLACK) this.successor = new Generation();
    if (this.successor === null) return this;
    const end = Math.min(this.all.length, this.moved + MOVED_AT_ONCE);
    for (; this.moved < end; this.moved++) {
      const entry = this.all[this.moved];
      if (entry !== undefined && entry.removed === Number.POSITIVE_INFINITY) this.successor.file(entry);
    }
    if (this.moved < this.all.length) return this;
    this.successor.live = this.live;
    this.successor.head = this.head;
    return this.successor;
  }

  private file(entry: RuleEntry): void {
    this.all.push(entry);
    this.index.add(entry);
  }
}

const COMPACTION_SLACK = 1_024;
const MOVED_AT_ONCE = 2_048;
