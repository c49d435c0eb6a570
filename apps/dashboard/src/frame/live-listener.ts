import { keys } from '../api/keys.js';
import type { LiveListener } from '../api/live.js';
import { queryClient } from '../api/query-client.js';
import { alertAbout } from '../queue/alerts.js';
import { currentQueue, receiveApprovals } from '../queue/read-queue.js';

const areas: Record<string, readonly unknown[]> = {
  rules: keys.rules,
  targets: keys.targets,
  agents: keys.agents,
  sessions: keys.sessions,
  org: keys.me,
  users: keys.users,
};

/** What the page does when the stream says that something changed: read it again. */
export function liveListener(): LiveListener {
  return {
    approvals(changed) {
      const known = currentQueue();
      const fresh = changed.filter(
        ({ id, status }) => status === 'pending' && !known.pending.has(id) && !known.closed.has(id),
      );
      receiveApprovals(changed);
      alertAbout(fresh);
      void queryClient.invalidateQueries({ queryKey: keys.queueSummary });
      if (changed.some(({ status }) => status !== 'pending'))
        void queryClient.invalidateQueries({ queryKey: keys.commands });
    },
    area(name) {
      const key = areas[name];
      if (key) void queryClient.invalidateQueries({ queryKey: key });
      if (name === 'org') void queryClient.invalidateQueries({ queryKey: keys.org });
    },
    async catchUp() {
      // Everything else that is on the screen is read again too; the queue decides when deciding is safe.
      const others = queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.queue[0] });
      await queryClient.refetchQueries({ queryKey: keys.queue, exact: true }, { throwOnError: true });
      await others.catch(() => undefined);
    },
  };
}
