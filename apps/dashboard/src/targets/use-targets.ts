import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { readAll } from '../api/read-all.js';

export function useTargets() {
  return useQuery({
    queryKey: keys.targets,
    queryFn: async ({ signal }) => ({
      data: await readAll((cursor) => call('GET /targets', { query: { limit: 200, cursor }, signal })),
    }),
    staleTime: 60_000,
  });
}

export function useTargetGroups() {
  return useQuery({
    queryKey: keys.targetGroups,
    queryFn: async ({ signal }) => ({
      data: await readAll((cursor) => call('GET /target-groups', { query: { limit: 200, cursor }, signal })),
    }),
    staleTime: 60_000,
  });
}

/** Names of targets and groups by id, for showing where a rule holds. */
export function useScopeNames(): ReadonlyMap<string, string> {
  const targets = useTargets().data?.data;
  const groups = useTargetGroups().data?.data;
  return useMemo(
    () => new Map([...(targets ?? []), ...(groups ?? [])].map(({ id, name }) => [id, name])),
    [targets, groups],
  );
}
