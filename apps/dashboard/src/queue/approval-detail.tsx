import { Link } from '@tanstack/react-router';
import { ArrowLeft, Lock } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { connection } from '../api/live.js';
import type { Approval } from '../api/types.js';
import { useAnalysis } from '../command/command-text.js';
import { foldOf } from '../command/fold.js';
import { FoldableCommand } from '../command/foldable-command.js';
import { InertText } from '../command/inert-text.js';
import { WhatWouldRun } from '../command/what-would-run.js';
import { useMay } from '../session/session.js';
import { DeadlineRing } from '../time/deadline-ring.js';
import { Badge } from '../ui/badge.js';
import { CopyButton } from '../ui/copy-button.js';
import { Bone } from '../ui/states.js';
import { useStore } from '../ui/store.js';
import { TimeAgo } from '../ui/time-ago.js';
import { ActionBar, type ActionMode } from './action-bar.js';
import { closedText } from './closed-text.js';
import { DecidedSimilar, OriginFacts, RiskFacts, SessionBefore } from './detail-facts.js';
import { gateOfApproval, gateOfDenial } from './gate.js';
import { OtherKinds } from './other-kinds.js';
import type { QueueSearch } from './queue-filter.js';
import { requirementText } from './requirement-text.js';
import { useDecide } from './use-decide.js';
import { useShownHash } from './use-shown-hash.js';

// Fetched when they are needed: most requests are neither edited nor were.
const EditPanel = lazy(() => import('./edit-panel.js'));
const DifferenceView = lazy(() => import('../command/difference-view.js'));

interface ApprovalDetailProps {
  approval: Approval;
  search: QueueSearch;
  onDecided: (approval: Approval) => void;
  /** Several are selected: the letter keys decide those, not this one. */
  bulk: boolean;
}

/** Everything about one request, and the two buttons. */
export function ApprovalDetail({ approval, search, onDecided, bulk }: ApprovalDetailProps) {
  const [mode, setMode] = useState<ActionMode>('look');
  const [unfolded, setUnfolded] = useState(false);
  const analysis = useAnalysis(approval.kind === 'command' ? approval.command : '', approval.shell);
  const decide = useDecide(onDecided);
  const gates = useGates(approval, !unfolded);
  const vote = (
    verb: 'approve' | 'deny',
    more: { reason?: string; editedCommand?: string; remember?: Parameters<typeof decide.mutate>[0]['remember'] } = {},
  ) => {
    const hash =
      gates.shownHash === 'unavailable' || gates.shownHash === null || approval.encrypted
        ? approval.command_sha256
        : gates.shownHash;
    const { remember, ...rest } = more;
    decide.mutate({ approval, verb, shownHash: hash, ...rest, ...(remember ? { remember } : {}) });
  };
  const heading = useFocusOnPhone(approval.id);
  return (
    <article aria-label="Request" className="h-full flex flex-col min-h-0">
      <header className="shrink-0 flex items-center gap-3 min-h-12 px-3 sm:px-5 py-1.5 border-b border-line">
        <Link
          to="/queue/{-$approvalId}"
          params={{ approvalId: undefined }}
          search={search}
          aria-label="Back to the list"
          className="lg:hidden -ml-1 p-2 text-ink-soft"
        >
          <ArrowLeft size={18} aria-hidden="true" />
        </Link>
        <h2 ref={heading} tabIndex={-1} className="flex-1 min-w-0 text-strong font-semibold wrap-anywhere outline-none">
          <InertText text={approval.agent.name} />
          {approval.target && (
            <>
              <span className="text-ink-faint font-normal"> → </span>
              <InertText text={approval.target} />
            </>
          )}
        </h2>
        {approval.encrypted && (
          <Badge>
            <Lock size={12} aria-hidden="true" /> encrypted
          </Badge>
        )}
        {approval.status === 'pending' && (
          <DeadlineRing createdAt={approval.created_at} deadlineAt={approval.deadline_at} size="large" />
        )}
      </header>
      <div className="flex-1 min-h-0 overflow-y-auto px-3 sm:px-5 py-4 @container">
        <ClosedBanner approval={approval} />
        {mode === 'edit' ? (
          <Suspense fallback={<Bone className="h-40 w-full" />}>
            <EditPanel
              approval={approval}
              busy={decide.isPending}
              shut={gates.basic}
              onApprove={(edited) => vote('approve', { editedCommand: edited })}
              onCancel={() => setMode('look')}
            />
          </Suspense>
        ) : (
          <div className="grid grid-cols-1 gap-x-6 gap-y-5 @3xl:grid-cols-[minmax(0,1fr)_18rem] content-start">
            <div className="grid grid-cols-1 gap-4 content-start min-w-0">
              <CommandSection
                approval={approval}
                analysis={analysis}
                open={unfolded}
                onOpen={() => setUnfolded(true)}
              />
              <div className="@3xl:hidden">
                <RiskFacts risk={approval.risk} />
              </div>
              {approval.kind === 'command' && !approval.encrypted && (
                <section>
                  <h3 className="text-small font-semibold text-ink-faint mb-1">What would run</h3>
                  <WhatWouldRun analysis={analysis} judged={approval.analysis.commands} />
                  <Warnings texts={[...new Set([...approval.analysis.warnings, ...analysis.warnings])]} />
                </section>
              )}
              <Votes approval={approval} />
            </div>
            <aside aria-label="About this request" className="grid grid-cols-1 gap-4 content-start min-w-0">
              <div className="hidden @3xl:block">
                <RiskFacts risk={approval.risk} />
              </div>
              <OriginFacts approval={approval} />
              <SessionBefore approval={approval} />
              <DecidedSimilar approval={approval} />
            </aside>
          </div>
        )}
      </div>
      {approval.status === 'pending' && (
        <ActionBar
          approval={approval}
          analysis={analysis}
          gates={gates}
          busy={decide.isPending}
          error={decide.error}
          mode={mode}
          onMode={setMode}
          onUnfold={() => setUnfolded(true)}
          onVote={vote}
          keysOff={bulk}
        />
      )}
    </article>
  );
}

export interface Gates {
  approve: ReturnType<typeof gateOfApproval>;
  deny: ReturnType<typeof gateOfDenial>;
  /** Why nothing at all may be decided now. */
  basic: string | null;
  shownHash: string | null | 'unavailable';
}

function useGates(approval: Approval, closedFold: boolean): Gates {
  const current = useStore(connection);
  const mayDecide = useMay('approvals:decide');
  const shownHash = useShownHash(approval.command);
  const folded = closedFold && approval.kind === 'command' && foldOf(approval.command) !== null;
  const deny = gateOfDenial({ approval, connection: current, mayDecide });
  const approve = gateOfApproval({ approval, connection: current, mayDecide, folded, shownHash });
  return { approve, deny, basic: deny.kind === 'shut' ? deny.why : null, shownHash };
}

/** On a phone the detail replaces the list: whoever reads the page aloud has to be taken along. */
function useFocusOnPhone(id: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request anew
  useEffect(() => {
    if (matchMedia('(width < 64rem)').matches) heading.current?.focus({ preventScroll: true });
  }, [id]);
  return heading;
}

interface CommandSectionProps {
  approval: Approval;
  analysis: ReturnType<typeof useAnalysis>;
  open: boolean;
  onOpen: () => void;
}

function CommandSection({ approval, analysis, open, onOpen }: CommandSectionProps) {
  return (
    <section aria-label="What was asked for">
      <div className="relative rounded-panel border border-line-strong bg-sunken p-3 pr-11 text-strong">
        {approval.encrypted ? (
          <p className="flex gap-2 items-center text-ink-soft">
            <Lock size={16} aria-hidden="true" /> End-to-end encrypted. This browser has no key to read it.
          </p>
        ) : approval.kind === 'command' ? (
          <FoldableCommand analysis={analysis} open={open} onOpen={onOpen} />
        ) : (
          <OtherKinds approval={approval} />
        )}
        <CopyButton text={approval.command} label="Copy the command" className="absolute top-1.5 right-1.5" />
      </div>
      {approval.original_command !== null && (
        <div className="mt-2">
          <h3 className="text-small font-semibold text-ink-faint mb-1">
            A reviewer changed it: the agent asked for another text
          </h3>
          <div className="rounded-control border border-line p-2">
            <Suspense fallback={<Bone />}>
              <DifferenceView before={approval.original_command} after={approval.command} />
            </Suspense>
          </div>
        </div>
      )}
    </section>
  );
}

function Warnings({ texts }: { texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul className="mt-2 grid grid-cols-1 gap-1">
      {texts.map((text) => (
        <li key={text} className="px-3 py-1.5 rounded-control bg-medium-soft text-ink wrap-anywhere">
          <InertText text={text} prose />
        </li>
      ))}
    </ul>
  );
}

function ClosedBanner({ approval }: { approval: Approval }) {
  if (approval.status === 'pending') return null;
  const denial = approval.votes.find((vote) => vote.verb === 'deny' && !vote.void);
  return (
    <div className="mb-4 px-3 py-2 rounded-panel bg-panel border border-line">
      <p className="font-medium">
        <InertText text={closedText(approval)} prose />
        {approval.closed_at && (
          <span className="font-normal text-ink-faint">
            , <TimeAgo at={approval.closed_at} />
          </span>
        )}
      </p>
      {denial?.reason && (
        <p className="text-ink-soft">
          “<InertText text={denial.reason} prose />”
        </p>
      )}
      <Link to="/history/$commandId" params={{ commandId: approval.command_id }} className="text-accent underline">
        Its whole story
      </Link>
    </div>
  );
}

function Votes({ approval }: { approval: Approval }) {
  const needed = requirementText(approval.requirement);
  if (approval.votes.length === 0 && needed === null) return null;
  return (
    <section>
      <h3 className="text-small font-semibold text-ink-faint mb-1">Votes</h3>
      {needed && <p className="mb-1">{needed}</p>}
      <ul className="grid grid-cols-1 gap-1">
        {approval.votes.map((vote) => (
          <li key={vote.id} className={vote.void ? 'text-ink-faint line-through' : ''}>
            <InertText text={vote.voter.name} /> {vote.verb === 'approve' ? 'approved' : 'denied'}
            {vote.edited_command !== null && ' an edited text'}
            {vote.reason && (
              <>
                : “<InertText text={vote.reason} prose />”
              </>
            )}{' '}
            <TimeAgo at={vote.at} className="text-small text-ink-faint" />
            {vote.void && <span className="sr-only"> (void: the text was edited afterwards)</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
