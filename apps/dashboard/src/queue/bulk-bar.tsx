import { Button } from '../ui/button.js';

/** What to do with the selected requests. */
export function BulkBar({
  count,
  onBulk,
  onClear,
}: {
  count: number;
  onBulk: (verb: 'approve' | 'deny') => void;
  onClear: () => void;
}) {
  return (
    <div className="shrink-0 flex items-center gap-2 p-2 border-t border-line bg-panel">
      <span className="font-medium px-1 tabular-nums">{count} selected</span>
      <Button look="primary" size="small" shortcut="a" className="ml-auto" onClick={() => onBulk('approve')}>
        Approve
      </Button>
      <Button look="danger" size="small" shortcut="d" onClick={() => onBulk('deny')}>
        Deny
      </Button>
      <Button look="quiet" size="small" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
