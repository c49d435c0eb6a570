import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { readAll } from '../api/read-all.js';

export function useAgents(enabled = true) {
  return useQuery({
    queryKey: keys.agents,
    queryFn: async ({ signal }) => ({
      data: await readAll((cursor) => call('GET /agents', { query: { limit: 200, cursor }, signal })),
    }),
    enabled,
  });
}
