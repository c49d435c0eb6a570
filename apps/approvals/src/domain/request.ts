import type {
  AgentName,
  Analysis,
  CloseReason,
  CommandKind,
  Decision,
  Remember,
  Risk,
  Shell,
  VoteVerb,
  Requirement as WireRequirement,
} from '@expacti/contracts';

/** What must be approved, as judged: without what is still missing, which follows from the votes. */
export type Requirement = Omit<WireRequirement, 'missing'>;

/** What happens when nobody decides in time. */
export type TimeoutAction = 'deny' | 'hold' | 'allow' | 'escalate';

/** The text under review and how it was judged. An edit replaces all of it at once. */
export interface ReviewedText {
  readonly text: string;
  readonly sha256: string;
  /** With invisible and confusable characters spelled out. */
  readonly escaped: string;
  readonly analysis: Analysis;
  readonly risk: Risk;
  readonly requirement: Requirement;
}

/** Closed for good: nothing leads from here to another outcome. */
export interface Closed {
  readonly status: 'allowed' | 'denied';
  /** Milliseconds since the epoch. */
  readonly closedAt: number;
  readonly closeReason: CloseReason;
  readonly decision: Omit<Decision, 'receipt'>;
}

export type RequestState = { readonly status: 'pending' } | Closed;

/** The one right to run an allowed command, recorded before it is given out. Times in milliseconds since the epoch. */
export interface Grant {
  readonly jti: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface RunResult {
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly duration_ms: number;
  readonly output_bytes: number | null;
}

export type Execution =
  | { readonly kind: 'not_started' }
  /** The agent gave up the right to run it. */
  | { readonly kind: 'withdrawn'; readonly at: number }
  | { readonly kind: 'started'; readonly grant: Grant }
  | { readonly kind: 'finished'; readonly grant: Grant; readonly result: RunResult };

/** A command that waits, or waited, for people. */
export interface HeldRequest {
  readonly id: string;
  readonly commandId: string;
  readonly org: string;
  readonly agent: AgentName;
  /** The person who created the agent. */
  readonly agentOwnerId: string | null;
  readonly sessionId: string | null;
  readonly ref: string | null;
  readonly kind: CommandKind;
  readonly reviewed: ReviewedText;
  /** Grows by one with each edit; votes name it. */
  readonly version: number;
  /** What the agent asked for, once a reviewer has edited it. */
  readonly original: { readonly text: string; readonly sha256: string; readonly risk: Risk } | null;
  readonly shell: Shell;
  readonly cwd: string | null;
  readonly target: string | null;
  readonly reason: string | null;
  readonly context: Record<string, unknown> | null;
  readonly encrypted: boolean;
  readonly onePersonApproval: boolean;
  readonly timeoutAction: TimeoutAction;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly deadlineAt: number;
  readonly state: RequestState;
  readonly execution: Execution;
}

export interface Voter {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

export interface CastVote {
  readonly id: string;
  readonly verb: VoteVerb;
  readonly voter: Voter;
  /** The version and text that the vote stands for: after an edit, the edited ones. */
  readonly version: number;
  readonly sha256: string;
  readonly reason: string | null;
  readonly editedText: string | null;
  readonly remember: Remember | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whether a vote still counts: an edit voids every vote that came before it. */
export const isVoid = (request: Pick<HeldRequest, 'version'>, vote: Pick<CastVote, 'version'>): boolean =>
  vote.version !== request.version;
