import { join } from 'node:path';
import type { CopyReport } from '@expacti/standalone';
import { answer, type CliContext, note } from '../context.js';
import { table } from '../display/table.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';

export interface CopyFlags {
  from?: string;
  to?: string;
  dataDir?: string;
}

/** `expacti database copy`: moves an installation from SQLite to PostgreSQL, and verifies it there. */
export async function copyCommand(context: CliContext, flags: CopyFlags): Promise<number> {
  const to = flags.to ?? context.environment.EXPACTI_DATABASE_URL;
  if (to === undefined)
    throw new CliFailure(
      'Name the target: --to postgres://user@host/name, or EXPACTI_DATABASE_URL.',
      EXIT.usage,
      'USAGE',
    );
  const dataFolder = flags.dataDir ?? (context.environment.EXPACTI_DATA_DIR || './data');
  const from = flags.from ?? `sqlite:${join(dataFolder, 'expacti.db')}`;
  note(context, `Copying ${from} …`);
  const { copyDatabase, CopyRefused } = await import('@expacti/standalone');
  try {
    const report = await copyDatabase(from, to);
    answer(context, report, () => tell(report));
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CopyRefused) throw new CliFailure(error.message, EXIT.failed, 'COPY_REFUSED');
    throw error;
  }
}

function tell({ tables, undelivered, chains, deadLetters }: CopyReport): string {
  const filled = tables.filter(({ rows }) => rows > 0).map(({ name, rows }) => [name, String(rows)]);
  const entries = chains.reduce((sum, chain) => sum + chain.entries, 0);
  const lines = [
    table([['table', 'rows'], ...filled]),
    `${chains.length} audit chain(s) with ${entries} entries verified in the new database.`,
  ];
  if (undelivered > 0) lines.push(`${undelivered} events that were still under way wait in its outbox.`);
  if (deadLetters > 0) lines.push(`${deadLetters} dead letters came along.`);
  lines.push(
    'Start the services with the same master key (data folder: master.key), and keep the old file until you are sure.',
  );
  return lines.join('\n');
}
