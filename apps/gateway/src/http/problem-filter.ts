import { ExpactiError } from '@expacti/contracts';
import { LOGGER, type Logger } from '@expacti/platform';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { toExpactiError } from './to-expacti-error.js';

/** Turns whatever was thrown into `application/problem+json`. Unexpected errors are logged and tell the caller nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const error = thrown instanceof HttpException ? fromNest(thrown) : toExpactiError(thrown);
    if (error.code === 'INTERNAL')
      this.logger.error({ err: thrown, method: request.method, path: request.path }, 'request failed');
    sendProblem(response, error);
  }
}

export function sendProblem(response: Response, error: ExpactiError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const retryAfter = error.retryAfterSeconds ?? (error.status === 503 || error.status === 429 ? 1 : undefined);
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(Math.max(1, Math.ceil(retryAfter))));
  if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.status(error.status).type('application/problem+json').send(JSON.stringify(error.toProblem()));
}

function fromNest(exception: HttpException): ExpactiError {
  switch (exception.getStatus()) {
    case 404:
      return new ExpactiError('NOT_FOUND', 'There is nothing at this path.');
    case 400:
      return new ExpactiError('NOT_FOUND', 'The path is not a valid one.');
    default:
      return new ExpactiError('INTERNAL');
  }
}
