import { useMutation } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/call.js';
import { connection } from '../api/live.js';
import { describeFailure } from '../api/problem.js';
import type { Approval, BulkResult } from '../api/types.js';
import { CommandText, useAnalysis } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { sha256Hex } from '../command/sha256.js';
import { RiskGauge } from '../risk/risk-gauge.js';
import { useMay } from '../session/session.js';
import { changePreferences, preferences, rememberReason } from '../settings/preferences.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { useStore } from '../ui/store.js';
import { splitBulk } from './bulk.js';
import { closedText } from './closed-text.js';
import { DenyPanel } from './deny-panel.js';
import { gateOfDenial } from './gate.js';
import { OtherKinds } from './other-kinds.js';
import { receiveApprovals } from './read-queue.js';

/** Requests that are not decided here are named as far as it helps. */
const MOST_LISTED = 10;

interface BulkDialogProps {
  verb: 'approve' | 'deny';
  approvals: Approval[];
  onClose: (decidedIds: string[]) => void;
}

/** Shows each selected command in full, then decides them together; every one has its own result. */
export default function BulkDialog({ verb, approvals, onClose }: BulkDialogProps) {
  // What was selected when the dialog opened: later arrivals must not slip into a decision.
  const [chosen] = useState(approvals);
  const { fit, apart } = splitBulk(chosen, verb);
  const current = useStore(connection);
  const mayDecide = useMay('approvals:decide');
  const [first] = fit;
  const gate = first ? gateOfDenial({ approval: first, connection: current, mayDecide }) : null;
  const shut = gate?.kind === 'shut' && first?.status === 'pending' ? gate.why : null;
  const decide = useMutation({ mutationFn: (reason: string) => decideAll(fit, verb, reason) });
  const close = () => onClose(decide.data ? decide.data.results.filter(({ ok }) => ok).map(({ id }) => id) : []);
  const results = new Map(decide.data?.results.map((result) => [result.id, result]));
  const act = verb === 'approve' ? 'Approve' : 'Deny';
  return (
    <Dialog
      open
      onOpenChange={close}
      width="wide"
      title={decide.data ? 'What came of it' : `${act} ${fit.length} ${fit.length === 1 ? 'request' : 'requests'}`}
    >
      <ul className="grid grid-cols-1 gap-2 mb-4">
        {fit.map((approval) => (
          <BulkItem key={approval.id} approval={approval} result={results.get(approval.id)} />
        ))}
      </ul>
      {apart.length > 0 && (
        <section className="mb-4">
          <h3 className="font-medium mb-1">Not decided here</h3>
          <ul className="grid grid-cols-1 gap-2">
            {apart.slice(0, MOST_LISTED).map(({ approval, why }) => (
              <li key={approval.id} className="text-ink-soft">
                <code className="block truncate">
                  <InertText text={approval.command.slice(0, 200)} />
                </code>
                <span className="text-small">{why}</span>
              </li>
            ))}
            {apart.length > MOST_LISTED && (
              <li className="text-ink-soft">and {(apart.length - MOST_LISTED).toLocaleString('en')} more</li>
            )}
          </ul>
        </section>
      )}
      {decide.isError && (
        <p role="alert" className="mb-3 text-critical">
          {describeFailure(decide.error).title}
        </p>
      )}
      {shut && <p className="mb-3 text-ink-soft">{shut}</p>}
      {decide.data ? (
        <div className="flex justify-end">
          <Button look="primary" onClick={close}>
            Done
          </Button>
        </div>
      ) : verb === 'deny' ? (
        <DenyPanel
          count={fit.length}
          busy={decide.isPending || shut !== null || fit.length === 0}
          onDeny={(reason) => decide.mutate(reason)}
          onCancel={close}
        />
      ) : (
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Back</Button>
          <Button
            look="primary"
            disabled={decide.isPending || shut !== null || fit.length === 0}
            onClick={() => decide.mutate('')}
          >
            {decide.isPending ? 'Approving…' : `Approve ${fit.length}`}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

function BulkItem({ approval, result }: { approval: Approval; result: BulkResult['results'][number] | undefined }) {
  const analysis = useAnalysis(approval.kind === 'command' ? approval.command : '', approval.shell);
  return (
    <li className="flex gap-3 p-2 rounded-control border border-line">
      <RiskGauge level={approval.risk.level} className="h-8 shrink-0" />
      <div className="min-w-0 flex-1">
        {approval.kind === 'command' ? <CommandText analysis={analysis} /> : <OtherKinds approval={approval} />}
        <p className="text-small text-ink-faint">
          <InertText text={approval.agent.name} />
          {approval.target && (
            <>
              {' → '}
              <InertText text={approval.target} />
            </>
          )}
        </p>
        {result && (
          <p className={result.ok ? 'text-low' : 'text-critical'}>
            {result.ok ? (
              <CircleCheck size={14} aria-hidden="true" className="inline mr-1" />
            ) : (
              <CircleAlert size={14} aria-hidden="true" className="inline mr-1" />
            )}
            {result.ok && result.approval
              ? resultText(result.approval)
              : (result.error?.message ?? 'It was not decided.')}
          </p>
        )}
      </div>
    </li>
  );
}

function resultText(approval: Approval): string {
  return approval.status === 'pending' ? 'Your vote counts; others must approve too.' : closedText(approval);
}

async function decideAll(approvals: Approval[], verb: 'approve' | 'deny', reason: string): Promise<BulkResult> {
  const items = await Promise.all(
    approvals.map(async (approval) => ({
      id: approval.id,
      verb,
      version: approval.version,
      command_sha256: approval.encrypted
        ? approval.command_sha256
        : ((await sha256Hex(approval.command)) ?? approval.command_sha256),
      ...(reason ? { reason } : {}),
    })),
  );
  const answer = await call('POST /approvals/bulk', { body: { items } });
  receiveApprovals(answer.results.flatMap(({ approval }) => (approval ? [approval] : [])));
  if (reason) changePreferences({ recentReasons: rememberReason(preferences.get().recentReasons, reason) });
  return answer;
}
