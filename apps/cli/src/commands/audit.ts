import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type ChainFault, type ChainReport, importJwks, verifyChain, verifyCheckpoint } from '@expacti/crypto';
import { type AuditCheckpoint, type Jwks, unwrap } from '@expacti/sdk';
import { answer, type CliContext, note } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { connectReviewer } from '../settings/connect.js';
import { readEntries } from './audit-entries.js';

export interface VerifyFlags {
  file?: string;
  checkpoint?: string;
  keys?: string;
}

/**
 * `expacti audit verify`: reads the whole log, from a file or from the server, and says which entry was changed, removed,
 * inserted or moved. A checkpoint that was kept elsewhere also shows a past that was written anew or an end cut off.
 */
export async function verifyAudit(context: CliContext, flags: VerifyFlags): Promise<number> {
  const live = flags.file === undefined ? await connectReviewer(context) : undefined;
  const keys = await readKeys(flags, live?.api);
  const checkpoints: AuditCheckpoint[] = [];
  if (flags.checkpoint !== undefined) checkpoints.push(await readCheckpoint(flags.checkpoint));
  // Taken before the log is read: what is appended meanwhile is beyond it and harms nothing.
  if (live) checkpoints.push(await unwrap(live.api.GET('/api/v1/audit/checkpoint')));
  for (const checkpoint of checkpoints) requireSigned(context, checkpoint, keys);
  const source = live ? await openExport(live.api) : createReadStream(flags.file ?? '');
  const report = await verifyChain(readEntries(source), { checkpoints });
  tell(context, report, checkpoints);
  return report.ok ? EXIT.ok : EXIT.failed;
}

type Api = Awaited<ReturnType<typeof connectReviewer>>['api'];

async function readKeys(flags: VerifyFlags, api: Api | undefined): Promise<Jwks | undefined> {
  if (flags.keys !== undefined) return JSON.parse(await readText(flags.keys)) as Jwks;
  return api && unwrap(api.GET('/api/v1/receipt-keys'));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliFailure(`${file} cannot be read: ${(error as Error).message}`, EXIT.notFound);
  }
}

async function readCheckpoint(file: string): Promise<AuditCheckpoint> {
  const text = await readText(file);
  try {
    const value = JSON.parse(text) as Partial<AuditCheckpoint> | null;
    if (Number.isSafeInteger(value?.sequence) && typeof value?.hash === 'string') return value as AuditCheckpoint;
  } catch {
    // Told below.
  }
  throw new CliFailure(`${file} is not a checkpoint, as "expacti audit checkpoint" writes it.`, EXIT.invalid);
}

/** A checkpoint proves something only when its signature says what its fields say. */
function requireSigned(context: CliContext, checkpoint: AuditCheckpoint, keys: Jwks | undefined): void {
  if (!keys) {
    note(context, 'The checkpoint is taken as it is: without --keys FILE its signature cannot be verified here.');
    return;
  }
  const verified = verifyCheckpoint(checkpoint.signature, importJwks(keys));
  const same =
    verified.ok &&
    verified.checkpoint.sequence === checkpoint.sequence &&
    verified.checkpoint.hash === checkpoint.hash &&
    verified.checkpoint.org === checkpoint.org;
  if (!same) {
    const why = verified.ok
      ? 'its fields are not the signed ones'
      : `its signature does not verify (${verified.fault})`;
    throw new CliFailure(
      `The checkpoint at ${checkpoint.sequence} is not genuine: ${why}.`,
      EXIT.failed,
      'CHECKPOINT_FORGED',
    );
  }
}

async function openExport(api: Api): Promise<Readable> {
  const stream = await unwrap(
    api.GET('/api/v1/audit/export', { params: { query: { after_sequence: 0 } }, parseAs: 'stream' }),
  );
  return stream === null ? Readable.from([]) : Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}

function tell(context: CliContext, report: ChainReport, checkpoints: readonly AuditCheckpoint[]): void {
  answer(context, { ok: report.ok, checked: report.checked, faults: report.faults, head: report.head ?? null }, () => {
    const read = `${report.checked} entries read`;
    if (!report.ok)
      return [`The log is NOT intact. ${read}.`, ...report.faults.map((fault) => `  ${faultText(fault)}`)].join('\n');
    const against = checkpoints.length > 0 ? `, and agree with ${checkpoints.length} signed checkpoint(s)` : '';
    return `The log is intact: ${read}, every hash follows from the one before${against}.`;
  });
}

function faultText(fault: ChainFault): string {
  switch (fault.kind) {
    case 'changed':
      return `entry ${fault.sequence} was changed`;
    case 'removed':
      return fault.through > fault.sequence
        ? `entries ${fault.sequence} to ${fault.through} were removed`
        : `entry ${fault.sequence} was removed`;
    case 'inserted':
      return `entry ${fault.sequence} stands there twice: one was inserted`;
    case 'reordered':
      return `entry ${fault.sequence} is not in its place`;
    case 'rewritten':
      return `entry ${fault.sequence} differs from the checkpoint: the log was written anew`;
  }
}

/** `expacti audit export`: the log as it is kept, oldest first, one entry a line. */
export async function exportAudit(context: CliContext, flags: { file?: string }): Promise<number> {
  const { api } = await connectReviewer(context);
  const source = await openExport(api);
  if (flags.file === undefined) for await (const chunk of source) context.output.write(chunk);
  else await writeFile(flags.file, source, { mode: 0o600 });
  if (flags.file !== undefined) note(context, `Written to ${flags.file}.`);
  return EXIT.ok;
}

/** `expacti audit checkpoint`: a signed statement of where the log stands. Keep it where the server cannot reach it. */
export async function takeCheckpoint(context: CliContext): Promise<number> {
  const { api } = await connectReviewer(context);
  const checkpoint = await unwrap(api.GET('/api/v1/audit/checkpoint'));
  answer(context, checkpoint, () => JSON.stringify(checkpoint, null, 2));
  return EXIT.ok;
}
