import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Approval, Command } from '../api/types.js';
import { CommandLine } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { OutcomeMark } from '../history/outcome-mark.js';
import { Identifier } from '../ui/copy-button.js';
import { Fact, FactList, Facts } from '../ui/facts.js';
import { JsonTree } from '../ui/json-tree.js';
import { TimeAgo } from '../ui/time-ago.js';
import { similarQuery } from './similar-query.js';

/** Where, who and why. */
export function OriginFacts({ approval }: { approval: Approval }) {
  return (
    <>
      <Facts title="Where">
        <FactList>
          <Fact name="Target">{approval.target ? <InertText text={approval.target} /> : 'Not named'}</Fact>
          <Fact name="Directory">
            {approval.cwd ? (
              <code>
                <InertText text={approval.cwd} />
              </code>
            ) : (
              'Not named'
            )}
          </Fact>
          {approval.kind === 'command' && <Fact name="Shell">{approval.shell}</Fact>}
        </FactList>
      </Facts>
      <Facts title="Who">
        <FactList>
          <Fact name="Agent">
            <Link to="/agents" search={{ agent: approval.agent.id }} className="text-accent hover:underline">
              <InertText text={approval.agent.name} />
            </Link>
          </Fact>
          <Fact name="Session">{approval.session_id ? <SessionLink id={approval.session_id} /> : 'None'}</Fact>
          <Fact name="Asked">
            <TimeAgo at={approval.created_at} />
          </Fact>
          <Fact name="Request">
            <Identifier id={approval.id} label="Copy the request’s id" />
          </Fact>
        </FactList>
      </Facts>
      <Facts title="Why">
        {approval.reason ? (
          <p className="wrap-anywhere">
            <InertText text={approval.reason} prose multiline />
          </p>
        ) : (
          <p className="text-ink-faint">The agent gave no reason.</p>
        )}
        {approval.context && Object.keys(approval.context).length > 0 && (
          <div className="mt-2 p-2 rounded-control bg-sunken max-h-72 overflow-auto">
            <JsonTree value={approval.context} />
          </div>
        )}
      </Facts>
    </>
  );
}

/** A session by the end of its id: enough to tell two apart. */
export function SessionLink({ id }: { id: string }) {
  return (
    <Link
      to="/sessions/$sessionId"
      params={{ sessionId: id }}
      className="text-accent hover:underline font-mono text-small"
    >
      …{id.slice(-6)}
    </Link>
  );
}

const BEFORE_SHOWN = 5;

/** What this session asked for before, and how it went. */
export function SessionBefore({ approval }: { approval: Approval }) {
  const sessionId = approval.session_id;
  const before = useQuery({
    queryKey: keys.sessionCommands(sessionId ?? ''),
    queryFn: ({ signal }) =>
      call('GET /sessions/{id}/commands', { params: { id: sessionId ?? '' }, query: { limit: 20 }, signal }),
    enabled: sessionId !== null,
  });
  if (sessionId === null) return null;
  const earlier = before.data?.data
    .filter((command) => command.created_at < approval.created_at)
    .slice(0, BEFORE_SHOWN);
  return (
    <Facts title="Before this, in the same session">
      <CommandHistory commands={earlier} failed={before.isError} none="Nothing: this is the session’s first request." />
    </Facts>
  );
}

/** Commands like this one, and what was decided about them. */
export function DecidedSimilar({ approval }: { approval: Approval }) {
  const query = similarQuery(approval);
  const similar = useQuery({
    queryKey: keys.commandList({ similar: query }),
    queryFn: ({ signal }) => call('GET /commands', { query: { q: query, limit: 20 }, signal }),
    enabled: query !== null,
  });
  if (query === null) return null;
  const decided = similar.data?.data
    .filter((command) => command.status !== 'pending' && command.id !== approval.command_id)
    .slice(0, BEFORE_SHOWN);
  return (
    <Facts title="Similar, decided earlier">
      <CommandHistory commands={decided} failed={similar.isError} none="None yet." />
    </Facts>
  );
}

function CommandHistory({
  commands,
  failed,
  none,
}: {
  commands: Command[] | undefined;
  failed: boolean;
  none: string;
}) {
  if (failed) return <p className="text-ink-faint">Could not be read.</p>;
  if (!commands) return <p className="text-ink-faint">Reading…</p>;
  if (commands.length === 0) return <p className="text-ink-faint">{none}</p>;
  return (
    <ul className="grid grid-cols-1 gap-0.5">
      {commands.map((command) => (
        <li key={command.id}>
          <Link
            to="/history/$commandId"
            params={{ commandId: command.id }}
            className="flex items-center gap-2 h-7 rounded-small hover:bg-hover"
          >
            <OutcomeMark command={command} iconOnly />
            <CommandLine kind={command.kind} command={command.command} className="flex-1 min-w-0 text-small" />
            <TimeAgo at={command.created_at} className="text-small text-ink-faint whitespace-nowrap" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
