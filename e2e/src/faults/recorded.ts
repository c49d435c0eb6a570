import { caller, REVIEWER_TOKEN } from '../support/rest.js';
import type { RunningServer } from '../support/running-server.js';
import type { Probed } from './probe.js';

/** Whether the audit log has the decision on each of these commands, once. */
export async function areRecorded({ url }: Pick<RunningServer, 'url'>, probed: readonly Probed[]): Promise<boolean> {
  const review = caller(url, REVIEWER_TOKEN);
  for (const { commandId } of probed) {
    const { status, body } = await review('GET', `/audit?action=command.decided&subject_id=${commandId}`);
    if (status !== 200 || body.data.length !== 1) return false;
  }
  return true;
}
