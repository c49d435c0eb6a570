import { Link } from '@tanstack/react-router';
import type { Approval } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { TimeAgo } from '../ui/time-ago.js';
import { closedText } from './closed-text.js';
import { requirementText } from './requirement-text.js';

/** How the request ended, once it has. */
export function ClosedBanner({ approval }: { approval: Approval }) {
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

/** Who has voted, and who still has to. */
export function Votes({ approval }: { approval: Approval }) {
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
