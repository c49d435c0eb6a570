import { QueryClient } from '@tanstack/react-query';
import { credentials } from './credentials.js';
import { ProblemError } from './problem.js';

const MOST_RETRIES = 2;

/** Everything the pages read goes through here; the stream only says what to read again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal will not change by asking again; silence may.
      retry: (failures, error) =>
        failures < MOST_RETRIES && !(error instanceof ProblemError && !error.problem.retryable),
      retryDelay: (failures) => Math.min(4_000, 400 * 2 ** failures),
      // With no network the page says so itself; a paused query would show a skeleton for ever.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

// Whoever signs in next must not see, even for a moment, what the person before them read.
credentials.subscribe(() => {
  if (credentials.get().kind === 'none') queryClient.clear();
});
