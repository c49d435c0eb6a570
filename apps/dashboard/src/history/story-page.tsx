import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Command, Timeline } from '../api/types.js';
import { useAnalysis } from '../command/command-text.js';
import DifferenceView from '../command/difference-view.js';
import { FoldableCommand } from '../command/foldable-command.js';
import { InertText } from '../command/inert-text.js';
import { WhatWouldRun } from '../command/what-would-run.js';
import { useKeys } from '../keyboard/use-keys.js';
import { Fact, FactList, Facts, RiskFacts, SessionLink } from '../queue/detail-facts.js';
import { OtherKinds } from '../queue/other-kinds.js';
import { clockTime, elapsed, exactTime } from '../time/relative-time.js';
import { CopyButton, Identifier } from '../ui/copy-button.js';
import { JsonTree } from '../ui/json-tree.js';
import { Page } from '../ui/page.js';
import { Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { OutcomeMark } from './outcome-mark.js';
import { resultText, timelineWords } from './timeline-words.js';

/** One command's whole story: asked, held, seen, voted, decided, run. */
export function StoryPage() {
  const { commandId } = useParams({ from: '/frame/history/$commandId' });
  const command = useQuery({
    queryKey: keys.command(commandId),
    queryFn: ({ signal }) => call('GET /commands/{id}', { params: { id: commandId }, signal }),
  });
  return (
    <Page title="A command’s story">
      {command.isError ? (
        <Failure error={command.error} onRetry={() => void command.refetch()} />
      ) : command.data ? (
        <Story command={command.data} />
      ) : (
        <LoadingRows what="the command" />
      )}
    </Page>
  );
}

function Story({ command }: { command: Command }) {
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="grid grid-cols-1 gap-5 content-start min-w-0">
        <p className="text-strong font-medium">
          <OutcomeMark command={command} />
        </p>
        <CommandBlock command={command} />
        <section>
          <h2 className="text-strong font-semibold mb-2">Timeline</h2>
          <TimelineList commandId={command.id} />
        </section>
      </div>
      <aside aria-label="About this command" className="grid grid-cols-1 gap-4 content-start">
        <RiskFacts risk={command.risk} />
        <StoryFacts command={command} />
      </aside>
    </div>
  );
}

function CommandBlock({ command }: { command: Command }) {
  const [open, setOpen] = useState(false);
  const analysis = useAnalysis(command.kind === 'command' ? command.command : '', command.shell);
  useKeys({ unfold: () => setOpen(true) });
  const edited = command.decision?.edited ? command.decision.command : null;
  return (
    <>
      <div className="relative rounded-panel border border-line-strong bg-sunken p-3 pr-11 text-strong">
        {command.kind === 'command' ? (
          <FoldableCommand analysis={analysis} open={open} onOpen={() => setOpen(true)} />
        ) : (
          <OtherKinds approval={command} />
        )}
        <CopyButton text={command.command} label="Copy the command" className="absolute top-1.5 right-1.5" />
      </div>
      {edited !== null && edited !== command.command && (
        <section>
          <h2 className="text-small font-semibold text-ink-faint mb-1">What a reviewer changed</h2>
          <div className="p-3 rounded-control border border-line">
            <DifferenceView before={command.command} after={edited} />
          </div>
        </section>
      )}
      {command.kind === 'command' && (
        <section>
          <h2 className="text-small font-semibold text-ink-faint mb-1">What would run</h2>
          <WhatWouldRun analysis={analysis} judged={[]} />
        </section>
      )}
    </>
  );
}

function StoryFacts({ command }: { command: Command }) {
  const { decision } = command;
  return (
    <>
      <Facts title="Where and who">
        <FactList>
          <Fact name="Agent">
            <InertText text={command.agent.name} />
          </Fact>
          <Fact name="Target">{command.target ? <InertText text={command.target} /> : 'Not named'}</Fact>
          <Fact name="Directory">
            {command.cwd ? (
              <code>
                <InertText text={command.cwd} />
              </code>
            ) : (
              'Not named'
            )}
          </Fact>
          <Fact name="Shell">{command.shell}</Fact>
          <Fact name="Session">{command.session_id ? <SessionLink id={command.session_id} /> : 'None'}</Fact>
          <Fact name="Asked">
            <TimeAgo at={command.created_at} />
          </Fact>
          <Fact name="Id">
            <Identifier id={command.id} label="Copy the command’s id" />
          </Fact>
        </FactList>
      </Facts>
      {(command.reason || command.context) && (
        <Facts title="Why">
          {command.reason && (
            <p className="wrap-anywhere">
              <InertText text={command.reason} prose multiline />
            </p>
          )}
          {command.context && (
            <div className="mt-2 p-2 rounded-control bg-sunken">
              <JsonTree value={command.context} />
            </div>
          )}
        </Facts>
      )}
      <Facts title="Outcome">
        <FactList>
          <Fact name="Decision">
            <OutcomeMark command={command} />
          </Fact>
          {decision?.reason && (
            <Fact name="Reason">
              <InertText text={decision.reason} prose multiline />
            </Fact>
          )}
          {decision?.rule_id && (
            <Fact name="Rule">
              <Link to="/rules/$ruleId" params={{ ruleId: decision.rule_id }} className="text-accent hover:underline">
                Show it
              </Link>
            </Fact>
          )}
          <Fact name="Run">{runText(command)}</Fact>
        </FactList>
      </Facts>
      {command.approval_id && command.status === 'pending' && (
        <Link to="/queue/{-$approvalId}" params={{ approvalId: command.approval_id }} className="text-accent underline">
          Decide it in the queue
        </Link>
      )}
    </>
  );
}

function runText({ result, started_at, status }: Command): string {
  if (result) return `${resultText(result)} after ${elapsed(result.duration_ms)}`;
  if (started_at !== null) return 'Started; no result reported';
  return status === 'allowed' ? 'Not started' : 'Never';
}

function TimelineList({ commandId }: { commandId: string }) {
  const timeline = useQuery({
    queryKey: keys.timeline(commandId),
    queryFn: ({ signal }) => call('GET /commands/{id}/timeline', { params: { id: commandId }, signal }),
  });
  if (timeline.isError) return <Failure error={timeline.error} onRetry={() => void timeline.refetch()} />;
  if (!timeline.data) return <LoadingRows what="the timeline" rows={4} />;
  if (timeline.data.data.length === 0)
    return <p className="text-ink-faint">Nothing has been written down yet; it takes a moment.</p>;
  return (
    <ol className="border-l-2 border-line ml-1.5">
      {timeline.data.data.map((entry) => (
        <TimelineRow key={`${entry.at} ${entry.action}`} entry={entry} />
      ))}
    </ol>
  );
}

function TimelineRow({ entry }: { entry: Timeline['data'][number] }) {
  const words = timelineWords(entry);
  const moment = Date.parse(entry.at);
  return (
    <li className="relative pl-5 pb-4 last:pb-0">
      <span aria-hidden="true" className="absolute -left-[5px] top-1.5 size-2 rounded-full bg-ink-faint" />
      <div className="flex flex-wrap gap-x-3 items-baseline">
        <span className="font-medium">{words.title}</span>
        <span className="text-ink-soft">
          {entry.actor.kind === 'system' ? 'expacti' : <InertText text={entry.actor.name} />}
        </span>
        <time dateTime={entry.at} title={exactTime(moment)} className="text-small text-ink-faint tabular-nums ml-auto">
          {clockTime(moment)}
        </time>
      </div>
      {words.detail && (
        <p className="text-ink-soft wrap-anywhere">
          <InertText text={words.detail} />
        </p>
      )}
      {words.quote && (
        <blockquote className="text-ink-soft wrap-anywhere">
          “<InertText text={words.quote} prose multiline />”
        </blockquote>
      )}
      {Object.keys(entry.data).length > 0 && (
        <details className="mt-0.5">
          <summary className="text-small text-ink-faint">What was written down</summary>
          <div className="p-2 rounded-control bg-sunken">
            <JsonTree value={entry.data} />
          </div>
        </details>
      )}
    </li>
  );
}
