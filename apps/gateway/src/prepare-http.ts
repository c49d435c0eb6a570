import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { AgentSocketServer } from './agent-socket/agent-socket-server.js';
import { Drain } from './drain.js';
import type { GatewayOptions } from './gateway-options.js';
import { apiDocumentation } from './http/api-documentation.js';
import { bodyParser } from './http/body-parser.js';
import { dashboardFiles } from './http/dashboard-files.js';
import { requireLoopbackName } from './http/own-origin.js';
import { securityHeaders } from './http/security-headers.js';
import { ReviewerSocketServer } from './reviewer-socket/reviewer-socket-server.js';

/** What stands before the controllers, and the two sockets beside them. Call it once, before the application listens. */
export function prepareHttp(app: NestExpressApplication, options: GatewayOptions): void {
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use((request: Request, _response: Response, next: NextFunction) => {
    requireLoopbackName(request, options);
    next();
  });
  const drain = app.get(Drain);
  app.use((_request: Request, response: Response, next: NextFunction) => {
    // The next request of a client, or of the proxy between, goes to a server that stays.
    if (drain.isDraining) response.setHeader('Connection', 'close');
    next();
  });
  app.use(securityHeaders(options.publicUrl.startsWith('https:')));
  app.use('/api/v1', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  if (options.dashboardFolder) {
    app.use('/app', dashboardFiles(options.dashboardFolder));
    app.use((request: Request, response: Response, next: NextFunction) => {
      if (request.path === '/') response.redirect('/app');
      else next();
    });
  }
  app.use('/api/docs', apiDocumentation(options.docsFolder));
  app.use(bodyParser());
  const server = app.getHttpServer();
  app.get(ReviewerSocketServer).attach(server);
  app.get(AgentSocketServer).attach(server);
}
