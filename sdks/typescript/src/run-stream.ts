import type { RunOptions, RunResult } from './client.js';
import type { OutputEvent } from './execution/output-collector.js';
import type { ApprovedCommand } from './submission/approved-command.js';
import type { PendingNotice, UpdateNotice } from './submission/job.js';

/** What happens to a command, in order; `result` is the last. */
export type RunEvent =
  | ({ type: 'pending' } & PendingNotice)
  | ({ type: 'updated' } & UpdateNotice)
  | { type: 'approved'; approved: ApprovedCommand }
  | ({ type: 'output' } & OutputEvent)
  | { type: 'result'; result: RunResult };

/**
 * Turns a run into a sequence of events. Leaving the loop early aborts the run.
 * @param start Begins the run with these options.
 */
export async function* streamRun(
  start: (options: RunOptions) => Promise<RunResult>,
  options: RunOptions,
): AsyncGenerator<RunEvent, void, undefined> {
  const events: RunEvent[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  let failure: { error: unknown } | undefined;
  const push = (event: RunEvent): void => {
    events.push(event);
    wake();
  };
  const left = new AbortController();
  const run = start({
    ...options,
    signal: options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal,
    onPending: (notice) => push({ type: 'pending', ...notice }),
    onUpdate: (notice) => push({ type: 'updated', ...notice }),
    onApproved: (approved) => push({ type: 'approved', approved }),
    onOutput: (event) => push({ type: 'output', ...event }),
  })
    .then((result) => push({ type: 'result', result }))
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      ended = true;
      wake();
    });
  try {
    for (;;) {
      for (let event = events.shift(); event !== undefined; event = events.shift()) yield event;
      if (ended) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure.error;
  } finally {
    left.abort(new DOMException('The caller stopped reading.', 'AbortError'));
    await run;
  }
}
