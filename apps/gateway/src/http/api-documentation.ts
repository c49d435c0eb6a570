import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

const swaggerFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>expacti API</title>
<link rel="stylesheet" href="/api/docs/ui/swagger-ui.css">
</head>
<body>
<p><a href="/api/docs/openapi.yml">openapi.yml</a> · <a href="/api/docs/asyncapi.yml">asyncapi.yml</a> · <a href="/api/docs/errors.md">errors.md</a></p>
<div id="ui"></div>
<script src="/api/docs/ui/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/docs/openapi.yml', dom_id: '#ui', deepLinking: true, validatorUrl: null });\n`;

/** `/api/docs`: the generated contracts, as files and as a page to read. */
export function apiDocumentation(docsFolder: string): RequestHandler {
  const router = Router();
  router.get('/', (_request, response) => void response.type('html').send(PAGE));
  router.get('/start.js', (_request, response) => void response.type('js').send(START));
  for (const name of ['openapi.yml', 'asyncapi.yml', 'errors.md']) {
    router.get(`/${name}`, (_request, response) => response.type('text/plain').sendFile(join(docsFolder, name)));
  }
  router.use('/ui', express.static(swaggerFolder, { index: false, maxAge: '1d' }));
  return router;
}
