import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Command } from '../api/types.js';
import { useAnalysis } from '../command/command-text.js';
import DifferenceView from '../command/difference-view.js';
import { FoldableCommand } from '../command/foldable-command.js';
import { InertText } from '../command/inert-text.js';
import { WhatWouldRun } from '../command/what-would-run.js';
import { useKeys } from '../keyboard/use-keys.js';
import { SessionLink } from '../queue/detail-facts.js';
import { OtherKinds } from '../queue/other-kinds.js';
import { RiskFacts } from '../risk/risk-facts.js';
import { elapsed } from '../time/relative-time.js';
import { CopyButton, Identifier } from '../ui/copy-button.js';
import { Fact, FactList, Facts } from '../ui/facts.js';
import { JsonTree } from '../ui/json-tree.js';
import { Page } from '../ui/page.js';
import { Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { OutcomeMark } from './outcome-mark.js';
import { TimelineList } from './timeline-list.js';
import { resultText } from './timeline-words.js';

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
