import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const eventColumns: TableColumnOptions[] = [
  tableColumns.id('event_id'),
  tableColumns.text('type'),
  tableColumns.org('org'),
  tableColumns.text('key'),
  tableColumns.text('at'),
  tableColumns.text('payload'),
];

const tables = [
  new Table({
    name: 'messaging_log',
    columns: [tableColumns.sequence('position'), ...eventColumns],
    indices: [{ name: 'messaging_log_event_id', columnNames: ['event_id'], isUnique: true }],
  }),
  new Table({
    name: 'messaging_groups',
    columns: [tableColumns.id('group_name', { isPrimary: true }), tableColumns.integer('cursor')],
  }),
  new Table({
    name: 'messaging_deliveries',
    columns: [
      tableColumns.id('group_name', { isPrimary: true }),
      tableColumns.integer('position', { isPrimary: true }),
      ...eventColumns,
      tableColumns.integer('attempts'),
      tableColumns.timestamp('next_attempt_at'),
      tableColumns.text('last_error'),
    ],
  }),
  new Table({
    name: 'messaging_dead_letters',
    columns: [
      tableColumns.id('id', { isPrimary: true }),
      tableColumns.id('group_name'),
      tableColumns.integer('position'),
      ...eventColumns,
      tableColumns.integer('attempts'),
      tableColumns.text('error'),
      tableColumns.timestamp('died_at'),
    ],
    indices: [{ name: 'messaging_dead_letters_died_at', columnNames: ['group_name', 'died_at'] }],
  }),
  new Table({
    name: 'messaging_inbox',
    columns: [tableColumns.id('event_id', { isPrimary: true }), tableColumns.id('group_name', { isPrimary: true })],
  }),
];

/**
 * SQLite's AUTOINCREMENT would write a second table at each append. The next rowid after the newest does: the newest
 * events are never trimmed.
 */
const lean = (table: Table): Table =>
  new Table({ ...table, columns: table.columns.map((column) => ({ ...column, isGenerated: false })) });

/**
 * On PostgreSQL commits overtake one another, and a reader that has passed position 7 would never find a 6 that came
 * later. Whoever writes to the log, by whatever way, takes its turn before a position is given, and keeps it until the
 * commit can be seen. The key is the one that `serialize` would lock.
 */
async function takeTurns(runner: QueryRunner): Promise<void> {
  await runner.query(
    'CREATE FUNCTION messaging_log_take_turns() RETURNS trigger LANGUAGE plpgsql AS ' +
      "$$ BEGIN PERFORM pg_advisory_xact_lock(hashtextextended('messaging_log', 0)); RETURN NULL; END $$",
  );
  await runner.query(
    'CREATE TRIGGER messaging_log_take_turns BEFORE INSERT ON messaging_log ' +
      'FOR EACH STATEMENT EXECUTE FUNCTION messaging_log_take_turns()',
  );
}

export class CreateMessagingTables1767225600010 implements MigrationInterface {
  readonly name = 'CreateMessagingTables1767225600010';

  async up(runner: QueryRunner): Promise<void> {
    const isSqlite = runner.connection.options.type === 'better-sqlite3';
    for (const table of tables) await runner.createTable(isSqlite ? lean(table) : table);
    if (!isSqlite) await takeTurns(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.dropTable(table);
    if (runner.connection.options.type === 'postgres') await runner.query('DROP FUNCTION messaging_log_take_turns()');
  }
}
