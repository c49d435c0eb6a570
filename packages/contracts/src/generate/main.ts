import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedDocuments } from './documents.js';

const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const documents = generatedDocuments();

for (const [path, text] of documents) {
  await mkdir(dirname(join(docs, path)), { recursive: true });
  await writeFile(join(docs, path), text);
}
for (const file of await readdir(join(docs, 'schemas')))
  if (!documents.has(`schemas/${file}`)) await rm(join(docs, 'schemas', file));
