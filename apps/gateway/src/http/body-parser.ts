import { isUtf8 } from 'node:buffer';
import { ExpactiError } from '@expacti/contracts';
import express, { type RequestHandler } from 'express';
import { toExpactiError } from './to-expacti-error.js';

/** The agent protocol's own bound holds for REST too. */
const MAX_BODY_BYTES = 1_048_576;
/** Imports may carry thousands of rules. */
const MAX_IMPORT_BYTES = 16 * 1_048_576;

/** JSON bodies: bounded, UTF-8 only. Invalid bytes would otherwise become U+FFFD, and not what was sent would be judged. */
export function bodyParser(): RequestHandler {
  const verify = (_request: unknown, _response: unknown, body: Buffer) => {
    // A plain error: body-parser marks it as `entity.verify.failed`, which `toExpactiError` names.
    if (!isUtf8(body)) throw new Error('not UTF-8');
  };
  const parse = express.json({ limit: MAX_BODY_BYTES, strict: false, verify });
  const parseImport = express.json({ limit: MAX_IMPORT_BYTES, strict: false, verify });
  return (request, response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    if (hasBody && !request.is('application/json')) return next(new ExpactiError('UNSUPPORTED_MEDIA_TYPE'));
    const parser = request.path === '/api/v1/rules/import' ? parseImport : parse;
    // Named here, where the parser's own words for what is wrong are still known.
    return parser(request, response, (error?: unknown) =>
      next(error === undefined ? undefined : toExpactiError(error)),
    );
  };
}
