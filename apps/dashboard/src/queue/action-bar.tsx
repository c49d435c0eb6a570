import type { Analysis } from '@expacti/shell';
import { BookmarkPlus, Pencil } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import type { Approval, Remember } from '../api/types.js';
import { useKeys } from '../keyboard/use-keys.js';
import { useMay, useMe } from '../session/session.js';
import { Button } from '../ui/button.js';
import { Bone } from '../ui/states.js';
import { CarefulApproval } from './careful-approval.js';
import { DenyPanel } from './deny-panel.js';
import { HoldButton, startByKey, useHold } from './hold-button.js';
import type { Gates } from './use-gates.js';

// It brings the policy engine along, which nothing else here needs.
const loadRememberPanel = () => import('./remember-panel.js');
const RememberPanel = lazy(loadRememberPanel);

const PRELOAD_AFTER_MS = 1_500;

export type ActionMode = 'look' | 'deny' | 'edit' | 'remember';

export type VoteMore = { reason?: string; editedCommand?: string; remember?: Remember };

interface ActionBarProps {
  approval: Approval;
  analysis: Analysis;
  gates: Gates;
  busy: boolean;
  /** Why the last vote was refused. */
  error: unknown;
  mode: ActionMode;
  onMode: (mode: ActionMode) => void;
  onUnfold: () => void;
  onVote: (verb: 'approve' | 'deny', more?: VoteMore) => void;
  keysOff: boolean;
}

/** The decision, always in reach: at the foot of the detail, at thumb height on a phone. */
export function ActionBar(props: ActionBarProps) {
  const { approval, analysis, gates, busy, error, mode, onMode, onVote } = props;
  const { org } = useMe();
  useActionKeys(props);
  useEffect(() => {
    // Fetched once the page has settled, so that the key opens it at once.
    const timer = setTimeout(() => void loadRememberPanel(), PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (mode === 'edit') return null;
  const approveShut = gates.approve.kind === 'shut' ? gates.approve.why : null;
  return (
    <footer className="shrink-0 border-t border-line bg-panel px-3 sm:px-5 py-3 max-h-[70%] overflow-y-auto pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      {mode === 'look' && <Choices {...props} approveShut={approveShut} />}
      {mode === 'deny' && (
        <DenyPanel
          busy={busy || gates.basic !== null}
          onDeny={(reason) => onVote('deny', { reason })}
          onCancel={() => onMode('look')}
        />
      )}
      {mode === 'remember' && (
        <Suspense fallback={<Bone className="h-24 w-full" />}>
          <RememberPanel
            error={error}
            approval={approval}
            analysis={analysis}
            org={org}
            busy={busy}
            approveShut={approveShut}
            denyShut={gates.basic}
            approveButton={(label, disabled, onApprove) => (
              <PlainOrHeld
                careful={gates.approve.kind === 'careful'}
                label={label}
                disabled={disabled}
                onApprove={onApprove}
              />
            )}
            onDecide={(verb, remember) => onVote(verb, { remember })}
            onCancel={() => onMode('look')}
          />
        </Suspense>
      )}
    </footer>
  );
}

function Choices({ gates, busy, onMode, onVote, approveShut }: ActionBarProps & { approveShut: string | null }) {
  const mayRemember = useMay('rules:write');
  const denyDisabled = gates.deny.kind === 'shut' || busy;
  return (
    <div className="grid grid-cols-1 gap-2">
      {approveShut !== null && (
        <p role="status" className="text-ink-soft">
          {approveShut}
        </p>
      )}
      <div className="flex flex-wrap gap-2 items-center">
        <div className="flex gap-2 max-sm:w-full max-sm:order-last">
          {gates.approve.kind === 'careful' ? (
            <CarefulApproval word={gates.approve.word} busy={busy} onApprove={() => onVote('approve')} />
          ) : (
            <Button
              look="primary"
              size="large"
              shortcut="a"
              className="max-sm:flex-1 sm:min-w-36"
              disabled={approveShut !== null || busy}
              onClick={() => onVote('approve')}
            >
              Approve
            </Button>
          )}
          <Button
            look="danger"
            size="large"
            shortcut="d"
            className="max-sm:flex-1 sm:min-w-28"
            disabled={denyDisabled}
            onClick={() => onMode('deny')}
          >
            Deny
          </Button>
        </div>
        <div className="flex gap-1 sm:ml-auto">
          <Button look="quiet" shortcut="e" disabled={approveShut !== null || busy} onClick={() => onMode('edit')}>
            <Pencil size={14} aria-hidden="true" /> Edit
          </Button>
          {mayRemember && (
            <Button look="quiet" shortcut="r" disabled={denyDisabled} onClick={() => onMode('remember')}>
              <BookmarkPlus size={14} aria-hidden="true" /> Remember
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function PlainOrHeld({
  careful,
  label,
  disabled,
  onApprove,
}: {
  careful: boolean;
  label: string;
  disabled: boolean;
  onApprove: () => void;
}): ReactNode {
  const hold = useHold(onApprove);
  if (careful) {
    return (
      <HoldButton hold={hold} disabled={disabled}>
        Hold: {label.toLowerCase()}
      </HoldButton>
    );
  }
  return (
    <Button look="primary" disabled={disabled} onClick={onApprove}>
      {label}
    </Button>
  );
}

function useActionKeys({ gates, busy, mode, onMode, onUnfold, onVote, keysOff }: ActionBarProps): void {
  const mayRemember = useMay('rules:write');
  const hold = useHold(() => onVote('approve'));
  const looking = mode === 'look' && !keysOff;
  useEffect(() => {
    document.documentElement.toggleAttribute('data-holding', hold.holding);
    return () => document.documentElement.removeAttribute('data-holding');
  }, [hold.holding]);
  useKeys({
    ...(looking && {
      approve: (event) => {
        if (event.repeat || busy) return;
        if (gates.approve.kind === 'open') onVote('approve');
        else if (gates.approve.kind === 'careful') startByKey(hold, event.key);
      },
      deny: () => gates.deny.kind === 'open' && !busy && onMode('deny'),
      edit: () => gates.approve.kind !== 'shut' && !busy && onMode('edit'),
      remember: () => mayRemember && gates.deny.kind === 'open' && !busy && onMode('remember'),
    }),
    unfold: onUnfold,
    ...(mode !== 'look' && { close: () => onMode('look') }),
  });
}
