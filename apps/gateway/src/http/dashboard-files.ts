import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** Serves the built dashboard under `/app`. Hashed assets are kept for good; the page itself is asked for each time. */
export function dashboardFiles(folder: string): RequestHandler {
  const router = Router();
  const page = join(folder, 'index.html');
  if (!existsSync(page)) throw new Error(`there is no built dashboard in ${folder}: run "pnpm build" first`);
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: false }),
  );
  router.use(
    express.static(folder, {
      index: false,
      cacheControl: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  // The dashboard routes by itself: every path below is its page.
  router.get('/{*path}', (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache').sendFile(page);
  });
  return router;
}
