import { setTimeout as after } from 'node:timers/promises';
import type { AuditEntry, Command } from '@expacti/contracts';
import { importJwks, type VerificationKeys } from '@expacti/crypto';
import { attempt } from './attempt.js';
import { AuditIndex } from './audit-index.js';
import { whatIsMissing } from './expected-entries.js';
import type { LoadRecord } from './load.js';

/** Everything that a verdict is based on. */
export interface Evidence {
  readonly record: LoadRecord;
  readonly audit: AuditIndex;
  /** Every command as its agent reads it in the end; null where there is none. */
  readonly commands: ReadonlyMap<string, Command | null>;
  /** When the commands were read, on the clock of the history. */
  readonly readAt: number;
  readonly keys: VerificationKeys;
  /** What consumers gave up, one line each. */
  readonly deadLetters: readonly string[];
}

export interface EvidenceOptions {
  readonly urls: readonly string[];
  readonly ownerToken: string;
  readonly record: LoadRecord;
  /** How long the audit log may take to have everything. */
  readonly withinMs?: number;
  /** Reads what consumers gave up, where the composition keeps such letters. */
  readonly deadLetters?: () => Promise<readonly string[]>;
}

const AT_ONCE = 16;
const LOOK_AGAIN_MS = 100;
/** The whole log is read each time. */
const READ_AGAIN_MS = 500;

/** Reads what the system says about itself, once its audit log has everything or may not take any longer. */
export async function gatherEvidence(options: EvidenceOptions): Promise<Evidence> {
  const { urls, ownerToken, record, withinMs = 30_000 } = options;
  const deadline = performance.now() + withinMs;
  const [url = ''] = urls;
  let audit = new AuditIndex(await exportAudit(url, ownerToken, deadline));
  while (whatIsMissing(record, audit).length > 0 && performance.now() < deadline) {
    await after(READ_AGAIN_MS);
    audit = new AuditIndex(await exportAudit(url, ownerToken, deadline));
  }
  const commands = await readCommands(urls, record, deadline);
  const readAt = performance.now();
  const jwks = await insist(deadline, () => attempt(url, null, 'GET', '/receipt-keys'));
  const deadLetters = (await options.deadLetters?.()) ?? [];
  return { record, audit, commands, readAt, keys: importJwks(jwks), deadLetters };
}

/** The whole log, oldest first. */
async function exportAudit(url: string, token: string, deadline: number): Promise<AuditEntry[]> {
  for (;;) {
    try {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/api/v1/audit/export`, { headers, signal: AbortSignal.timeout(30_000) });
      const text = await response.text();
      if (!response.ok) throw new Error(`the audit log was not exported: ${response.status} ${text}`);
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    } catch (error) {
      // A server that is only just coming back, or one that went away in the middle of the file.
      if (performance.now() > deadline) throw error;
      await after(LOOK_AGAIN_MS);
    }
  }
}

async function readCommands(
  urls: readonly string[],
  { stories }: LoadRecord,
  deadline: number,
): Promise<Map<string, Command | null>> {
  const found = new Map<string, Command | null>();
  const wanted = stories.flatMap(({ commandIds, agent }) => [...commandIds].map((id) => ({ id, agent })));
  const readers = Array.from({ length: AT_ONCE }, async (_, reader) => {
    const url = urls[reader % urls.length] ?? '';
    for (let next = wanted.pop(); next; next = wanted.pop()) {
      const { id, agent } = next;
      found.set(id, await insist(deadline, () => attempt(url, agent.token, 'GET', `/commands/${id}`)));
    }
  });
  await Promise.all(readers);
  return found;
}

/** The body of a 200, null for a 404; throws when the deadline has passed without either. */
async function insist(deadline: number, ask: () => ReturnType<typeof attempt>) {
  for (;;) {
    const answer = await ask();
    if (answer?.status === 200) return answer.body;
    if (answer?.status === 404) return null;
    if (performance.now() > deadline)
      throw new Error(`the system does not answer after the load: ${answer?.status} ${JSON.stringify(answer?.body)}`);
    await after(LOOK_AGAIN_MS);
  }
}
