import { Lock } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { Approval } from '../api/types.js';
import type { useAnalysis } from '../command/command-text.js';
import { FoldableCommand } from '../command/foldable-command.js';
import { InertText } from '../command/inert-text.js';
import { CopyButton } from '../ui/copy-button.js';
import { Bone } from '../ui/states.js';
import { OtherKinds } from './other-kinds.js';

const DifferenceView = lazy(() => import('../command/difference-view.js'));

interface CommandSectionProps {
  approval: Approval;
  analysis: ReturnType<typeof useAnalysis>;
  open: boolean;
  onOpen: () => void;
}

/** What was asked for, in full, of whatever kind. */
export function CommandSection({ approval, analysis, open, onOpen }: CommandSectionProps) {
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

/** What the reviewer should know about the text itself. */
export function Warnings({ texts }: { texts: string[] }) {
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
