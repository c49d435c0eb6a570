import { DefaultNamingStrategy } from 'typeorm';

/** Entities speak camelCase, tables snake_case: `closedAt` lives in `closed_at`. Explicit names win. */
export class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string, embeddedPrefixes: string[]): string {
    const name = customName || snakeCase(propertyName);
    return [...embeddedPrefixes.map(snakeCase), name].join('_');
  }
}

/** `closedAt` → `closed_at`, `lastURL2` → `last_url2`. */
export function snakeCase(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
