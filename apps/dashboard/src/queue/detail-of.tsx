import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Approval } from '../api/types.js';
import { Bone, Failure, Loading } from '../ui/states.js';
import { ApprovalDetail } from './approval-detail.js';
import type { QueueSearch } from './queue-filter.js';

interface DetailOfProps {
  id: string;
  known: Approval | undefined;
  search: QueueSearch;
  bulk: boolean;
  onDecided: (approval: Approval) => void;
}

/** The request of the address: from the queue, or read by itself when it is older than this page. */
export function DetailOf({ id, known, search, bulk, onDecided }: DetailOfProps) {
  const read = useQuery({
    queryKey: keys.approval(id),
    queryFn: ({ signal }) => call('GET /approvals/{id}', { params: { id }, signal }),
    enabled: known === undefined,
  });
  const approval = known ?? read.data;
  if (approval) return <ApprovalDetail approval={approval} search={search} bulk={bulk} onDecided={onDecided} />;
  if (read.isError) return <Failure error={read.error} onRetry={() => void read.refetch()} />;
  return (
    <Loading what="the request">
      <div className="p-5 grid gap-4">
        <Bone className="h-5 w-1/3" />
        <Bone className="h-24 w-full" />
        <Bone className="h-4 w-2/3" />
      </div>
    </Loading>
  );
}
