import { ERROR_CATALOGUE, type ErrorCode } from '../errors.js';

/** docs/errors.md without its first line: the whole catalogue as a table. */
export function errorPage(): string {
  const rows = (Object.keys(ERROR_CATALOGUE) as ErrorCode[]).map((code) => {
    const { status, retryable, title } = ERROR_CATALOGUE[code];
    return `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${title} |`;
  });
  return [
    '# Errors',
    '',
    'Every error has a stable `code`. Over REST it is an `application/problem+json` document (RFC 9457) with the fields',
    '`type`, `title`, `status`, `code`, `detail`, `retryable` and, for invalid requests, `errors` (one entry a field).',
    'On the agent WebSocket it is an `error` frame with `code`, `message` and `retryable`.',
    '',
    '*Retry* says whether the same request can succeed later. No error ever means that a command may run.',
    '',
    '| code | HTTP status | retry | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
