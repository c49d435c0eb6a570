const NAME = /^[a-z][a-z0-9_]*$/;

/** A table's or column's name, quoted. Names become part of a statement's text, so anything unusual is refused. */
export function checkedName(name: string): string {
  if (!NAME.test(name)) throw new Error(`'${name}' is not a table or column name`);
  return `"${name}"`;
}
