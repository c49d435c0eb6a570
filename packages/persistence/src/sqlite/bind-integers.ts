import type { DataSource, ObjectLiteral } from 'typeorm';

/**
 * TypeORM writes numbers into the text of an SQLite statement, so that one with a time, a version or a position in it
 * would be compiled anew each time, which costs more than running it. Bound as integers, the text stays the same.
 */
export function bindIntegers({ driver }: DataSource): void {
  const escapeQuery = driver.escapeQueryWithParameters.bind(driver);
  driver.escapeQueryWithParameters = (sql, parameters) => escapeQuery(sql, withIntegers(parameters));
}

function withIntegers(parameters: ObjectLiteral): ObjectLiteral {
  // Not every caller has parameters, whatever the type says.
  if (!parameters) return parameters;
  const bound: ObjectLiteral = {};
  for (const name of Object.keys(parameters)) {
    const value: unknown = parameters[name];
    bound[name] = Number.isSafeInteger(value) ? BigInt(value as number) : value;
  }
  return bound;
}
