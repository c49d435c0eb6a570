/**
 * The LIKE pattern for text that contains `part`, whatever `part` is made of. Use it as
 * `LOWER(column) LIKE LOWER(:pattern) ESCAPE '\'`: what lower case means is the database's business on both sides.
 */
export const containing = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;
