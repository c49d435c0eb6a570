import type { AuditEntry } from '@expacti/contracts';
import { caller, REVIEWER_TOKEN } from '../support/rest.js';
import type { RunningServer } from '../support/running-server.js';
import { AuditIndex } from './audit-index.js';
import type { Probed } from './probe.js';

/** Whether the audit log has the decision on each of these commands, once. */
export async function areRecorded({ url }: Pick<RunningServer, 'url'>, probed: readonly Probed[]): Promise<boolean> {
  const { status, body } = await caller(url, REVIEWER_TOKEN)('GET', '/audit/export');
  if (status !== 200) return false;
  const lines = (body as string).split('\n').filter(Boolean);
  const log = new AuditIndex(lines.map((line) => JSON.parse(line) as AuditEntry));
  return probed.every(({ commandId = '' }) => log.of('command.decided', commandId).length === 1);
}
