import { useMutation, useQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { queryClient } from '../api/query-client.js';
import type { OrgChange } from '../api/types.js';
import { notify } from '../ui/notices.js';

export function useOrg() {
  return useQuery({ queryKey: keys.org, queryFn: ({ signal }) => call('GET /org', { signal }) });
}

/** Saves a setting of the organisation; every reviewer's page follows. */
export function useOrgChange() {
  return useMutation({
    mutationFn: (change: OrgChange) => call('PATCH /org', { body: change }),
    onSuccess: (org) => {
      queryClient.setQueryData(keys.org, org);
      void queryClient.invalidateQueries({ queryKey: keys.me });
      notify('good', 'Saved.');
    },
  });
}
