import { Link } from '@tanstack/react-router';
import { ArrowLeft, Lock } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Approval } from '../api/types.js';
import { useAnalysis } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { WhatWouldRun } from '../command/what-would-run.js';
import { RiskFacts } from '../risk/risk-facts.js';
import { DeadlineRing } from '../time/deadline-ring.js';
import { Badge } from '../ui/badge.js';
import { Bone } from '../ui/states.js';
import { ActionBar, type ActionMode } from './action-bar.js';
import { CommandSection, Warnings } from './command-section.js';
import { DecidedSimilar, OriginFacts, SessionBefore } from './detail-facts.js';
import { ClosedBanner, Votes } from './outcome-section.js';
import type { QueueSearch } from './queue-filter.js';
import { useDecide } from './use-decide.js';
import { useGates } from './use-gates.js';

// Fetched when it is needed: most requests are not edited.
const EditPanel = lazy(() => import('./edit-panel.js'));

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

/** On a phone the detail replaces the list: whoever reads the page aloud has to be taken along. */
function useFocusOnPhone(id: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each request anew
  useEffect(() => {
    if (matchMedia('(width < 64rem)').matches) heading.current?.focus({ preventScroll: true });
  }, [id]);
  return heading;
}
