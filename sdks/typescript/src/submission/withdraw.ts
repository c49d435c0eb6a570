import type { AgentSocket } from '../connection/agent-socket.js';
import { type RestApi, unwrap } from '../connection/rest-api.js';
import type { Job } from './job.js';

/** How long the server may take to acknowledge a submission that is being withdrawn, in milliseconds. */
const ACKNOWLEDGE_MS = 15_000;

/**
 * Takes a request back that nobody here waits for any more, as well as the connection permits. A withdrawn command cannot
 * be approved; one that could not be withdrawn runs nothing either, because nobody takes its receipt.
 */
export async function withdraw(socket: AgentSocket, api: RestApi, job: Job): Promise<void> {
  try {
    const commandId = job.commandId ?? (await commandIdOf(socket, job));
    if (commandId !== undefined) await cancelCommand(socket, api, commandId);
  } catch {
    // Closed already, or out of reach: its deadline closes it.
  }
}

/** @throws LinkLost and typed errors when neither way reaches the server. */
export async function cancelCommand(socket: AgentSocket, api: RestApi, commandId: string): Promise<void> {
  if (socket.send({ type: 'command.cancel', command_id: commandId })) return;
  await unwrap(
    api.POST('/api/v1/commands/{id}/cancel', {
      params: { path: { id: commandId } },
      body: {},
      signal: AbortSignal.timeout(ACKNOWLEDGE_MS),
    }),
  );
}

/** The id under which the server holds a submission that it has not acknowledged yet. */
async function commandIdOf(socket: AgentSocket, job: Job): Promise<string | undefined> {
  if (job.submitting) return (await job.submitting).id;
  if (job.sessionIds.size === 0 || !socket.welcome) return undefined;
  return new Promise((resolve) => {
    const finish = (commandId: string | undefined): void => {
      clearTimeout(timer);
      stop();
      resolve(commandId);
    };
    const timer = setTimeout(() => finish(undefined), ACKNOWLEDGE_MS);
    const stop = socket.listen((event) => {
      if (event.type === 'lost') return finish(undefined);
      const { frame } = event;
      if (frame.type === 'command.pending' && frame.ref === job.ref) finish(frame.command_id);
      if ((frame.type === 'command.decided' || frame.type === 'error') && frame.ref === job.ref) finish(undefined);
    });
  });
}
