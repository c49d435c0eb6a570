import { stringify } from 'yaml';
import { asyncApiDocument } from './asyncapi.js';
import { errorPage } from './error-page.js';
import { familyDocument, MESSAGE_FAMILIES } from './json-schemas.js';
import { openApiDocument } from './openapi.js';
import type { JsonSchema } from './schema-set.js';

/** The version of the wire, not of a release: it changes when the wire does. */
export const CONTRACT_VERSION = '1.0.0';

const NOTICE = 'Generated from packages/contracts by `pnpm --filter @expacti/contracts generate`. Do not edit.';

/** Every generated file: path below docs/ → its whole text. */
export function generatedDocuments(): Map<string, string> {
  const documents = new Map<string, string>([
    ['openapi.yml', yaml(openApiDocument(CONTRACT_VERSION))],
    ['asyncapi.yml', yaml(asyncApiDocument(CONTRACT_VERSION))],
    ['errors.md', `<!-- ${NOTICE} -->\n\n${errorPage()}`],
  ]);
  for (const family of MESSAGE_FAMILIES) documents.set(`schemas/${family.file}.json`, json(familyDocument(family)));
  return documents;
}

const yaml = (document: JsonSchema): string =>
  `# ${NOTICE}\n${stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })}`;

/** The notice shares line 1 with the opening brace, because JSON has no comments. */
const json = (document: JsonSchema): string =>
  `{ "$comment": ${JSON.stringify(NOTICE)},${JSON.stringify(document, null, 2).slice(1)}\n`;
