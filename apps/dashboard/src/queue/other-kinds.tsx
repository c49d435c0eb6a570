import type { Approval } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { JsonTree } from '../ui/json-tree.js';
import { byteText } from './byte-text.js';
import { readToolCall, readTransfer } from './submission.js';

/** A tool call or a file transfer, field by field; the judged text itself where its shape is unknown. */
export function OtherKinds({ approval }: { approval: Pick<Approval, 'kind' | 'command'> }) {
  if (approval.kind === 'tool_call') {
    const call = readToolCall(approval.command);
    if (call) {
      return (
        <div>
          <p className="mb-1">
            <span className="text-small text-ink-faint">Tool </span>
            <code className="font-bold">
              <InertText text={call.tool} />
            </code>
          </p>
          <JsonTree value={call.arguments} openDepth={99} />
        </div>
      );
    }
  }
  if (approval.kind === 'file_transfer') {
    const transfer = readTransfer(approval.command);
    if (transfer) {
      return (
        <div>
          <p className="mb-1">
            <span className="font-bold">{transfer.direction === 'upload' ? 'Upload' : 'Download'}</span>{' '}
            <span className="text-small text-ink-faint">
              {transfer.paths.length} {transfer.paths.length === 1 ? 'path' : 'paths'}
              {transfer.bytes !== null && `, ${byteText(transfer.bytes)}`}
            </span>
          </p>
          <ul className="font-mono">
            {transfer.paths.map((path) => (
              <li key={path} className="wrap-anywhere">
                <InertText text={path} />
              </li>
            ))}
          </ul>
        </div>
      );
    }
  }
  return (
    <code className="whitespace-pre-wrap wrap-anywhere">
      <InertText text={approval.command} multiline />
    </code>
  );
}
