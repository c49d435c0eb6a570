import type { ColumnOptions, TableColumnOptions, ValueTransformer } from 'typeorm';

/**
 * Columns that mean the same on every dialect. Each has two faces: `xxxColumn()` for the entity
 * (`@Column(timestampColumn())`) and `tableColumns.xxx(name)` for its migration.
 */

/** PostgreSQL hands a bigint back as text; the values here (milliseconds, counters) fit a double exactly. */
const wholeNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | number | null) => (value === null || value === undefined ? value : Number(value)),
};

/** Room for the longest TypeID: a prefix of 63, `_`, 26 characters. */
const ID_LENGTH = 90;

type Extra = Pick<ColumnOptions, 'nullable' | 'primary' | 'name' | 'unique' | 'default'>;

/** Without options `nullable` stays out of the type: a primary column demands that. */
interface ColumnFactory<Base> {
  (): Base;
  <E extends Extra>(extra: E): Base & E;
}

const column =
  <Base extends ColumnOptions>(base: Base): ColumnFactory<Base> =>
  <E extends Extra>(extra?: E) =>
    ({ ...base, ...extra }) as Base & E;

/** A TypeID (`cmd_…`). */
export const idColumn = column({ type: 'varchar', length: ID_LENGTH });

/** The id of the tenant that the row belongs to: every table of a service has it, every query names it. */
export const orgColumn = column({ type: 'varchar', length: ID_LENGTH, name: 'org_id' });

/** A moment: UTC milliseconds since the epoch, read back as a number. */
export const timestampColumn = column({ type: 'bigint', transformer: wholeNumber });

/** A whole number up to 2^53 (counters, sizes, sequences). */
export const integerColumn = timestampColumn;

/** The version of a row for `compareAndSwap`; the first is 1. */
export const versionColumn = column({ type: 'int' });

/** JSON kept as text, so that both engines return the same bytes that were stored. */
export const jsonColumn = column({ type: 'simple-json' });

/** Text of any length. */
export const textColumn = column({ type: 'text' });

/** Yes or no. */
export const booleanColumn = column({ type: 'boolean' });

type TableExtra = Omit<Partial<TableColumnOptions>, 'name' | 'type'>;
const tableColumn = (name: string, type: string, extra: TableExtra): TableColumnOptions => ({ name, type, ...extra });

/** The same columns as `new Table({ columns: [...] })` of a migration wants them. Not null unless `isNullable`. */
export const tableColumns = {
  id: (name: string, extra: TableExtra = {}) => tableColumn(name, 'varchar', { length: String(ID_LENGTH), ...extra }),
  org: (name = 'org_id', extra: TableExtra = {}) => tableColumns.id(name, extra),
  timestamp: (name: string, extra: TableExtra = {}) => tableColumn(name, 'bigint', extra),
  integer: (name: string, extra: TableExtra = {}) => tableColumn(name, 'bigint', extra),
  version: (name = 'version', extra: TableExtra = {}) => tableColumn(name, 'int', extra),
  json: (name: string, extra: TableExtra = {}) => tableColumn(name, 'text', extra),
  text: (name: string, extra: TableExtra = {}) => tableColumn(name, 'text', extra),
  boolean: (name: string, extra: TableExtra = {}) => tableColumn(name, 'boolean', extra),
  /** An ever growing number given by the database; never used twice, even after deletes. */
  sequence: (name: string, extra: TableExtra = {}) =>
    tableColumn(name, 'integer', { isPrimary: true, isGenerated: true, generationStrategy: 'increment', ...extra }),
};
