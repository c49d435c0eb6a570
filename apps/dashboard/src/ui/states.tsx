import { CircleAlert, Inbox, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { describeFailure } from '../api/problem.js';
import { Button } from './button.js';
import { classNames } from './class-names.js';

/** A grey shape where text will be. */
export function Bone({ className }: { className?: string }) {
  return <div className={classNames('rounded-small bg-hover pulse-shape', className ?? 'h-4 w-full')} />;
}

/** Stands for a view that is still loading, in the view's own shape. */
export function Loading({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div role="status" aria-label={`Loading ${what}`}>
      {children}
    </div>
  );
}

export function LoadingRows({ what, rows = 8 }: { what: string; rows?: number }) {
  return (
    <Loading what={what}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical shapes that never move
        <div key={index} className="flex items-center gap-4 h-11 px-4 border-b border-line">
          <Bone className="h-3 w-1/2" />
          <Bone className="h-3 w-24 ml-auto" />
        </div>
      ))}
    </Loading>
  );
}

/** What happened, and what to do about it. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, advice } = describeFailure(error);
  return (
    <div role="alert" className="m-4 p-4 max-w-xl rounded-panel border border-line bg-critical-soft">
      <p className="flex gap-2 items-center font-medium text-critical">
        <CircleAlert size={16} aria-hidden="true" className="shrink-0" />
        {title}
      </p>
      {advice && <p className="mt-1 text-ink wrap-anywhere">{advice}</p>}
      {onRetry && (
        <Button size="small" className="mt-3" onClick={onRetry}>
          <RefreshCw size={14} aria-hidden="true" /> Try again
        </Button>
      )}
    </div>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** It is the page's only heading. */
  heading?: boolean;
}

export function Empty({ title, children, action, heading = false }: EmptyProps) {
  const Title = heading ? 'h1' : 'p';
  return (
    <div className="px-6 py-12 text-center max-w-lg mx-auto">
      <Inbox size={24} aria-hidden="true" className="mx-auto text-ink-faint mb-3" />
      <Title className="text-strong font-medium">{title}</Title>
      {children && <div className="text-ink-soft mt-1">{children}</div>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}
