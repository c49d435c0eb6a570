import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { AGENT_FRAMES, ROUTES } from '../index.js';
import { generatedDocuments } from './documents.js';

const require = createRequire(import.meta.url);
const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const documents = generatedDocuments();
const text = (path: string): string => documents.get(path) ?? '';
const addFormats = formats as unknown as (ajv: Ajv | Ajv2020) => void;

describe('generated documents', () => {
  it.each([...documents.keys()])('%s is committed as it is generated', (path) => {
    const committed = existsSync(join(docs, path)) ? readFileSync(join(docs, path), 'utf8') : 'missing';
    // A difference means: run `pnpm --filter @expacti/contracts generate` and commit.
    expect(committed === text(path)).toBe(true);
  });

  it('say on their first line that they are generated', () => {
    for (const [path, content] of documents)
      expect([path, content.split('\n', 1)[0]]).toEqual([path, expect.stringContaining('Do not edit')]);
  });
});

describe('openapi.yml', () => {
  const document = parse(text('openapi.yml'));

  it('is valid OpenAPI 3.0', async () => {
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  it('has each route once, under its own name', () => {
    const operations = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap(Object.values);
    const names = operations.map(({ operationId }) => operationId).sort();
    expect(names).toEqual([...Object.keys(ROUTES), 'healthz', 'readyz', 'metrics'].sort());
  });

  it('refers only to components that it has', () => {
    const references = [...text('openapi.yml').matchAll(/\$ref: "?#\/components\/([^"\n]+)"?/g)].map(
      ([, name]) => name,
    );
    const missing = references.filter((name) => {
      const [group = '', entry = ''] = (name ?? '').split('/');
      return document.components[group]?.[entry] === undefined;
    });
    expect(missing).toEqual([]);
  });

  it('lets a submission leave its kind out, and a receiver rely on defaults', () => {
    const { RestSubmission, NewRule, NewRuleOutput, Approval } = document.components.schemas;
    expect(RestSubmission.oneOf[0].required).toEqual(['command']);
    expect(NewRule.required).not.toContain('kind');
    expect(NewRuleOutput.required).toContain('kind');
    expect(Approval.additionalProperties).toBeUndefined();
  });
});

describe('asyncapi.yml', () => {
  it('is valid AsyncAPI 3.0', () => {
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, validateFormats: false });
    const validate = ajv.compile(require('@asyncapi/specs/schemas/3.0.0.json'));
    validate(parse(text('asyncapi.yml')));
    expect(validate.errors ?? []).toEqual([]);
  });
});

describe('schemas/*.json', () => {
  const compile = (path: string) => {
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    return ajv.compile(JSON.parse(text(path)));
  };

  it.each([...documents.keys()].filter((path) => path.startsWith('schemas/')))('%s compiles', (path) => {
    expect(compile(path)).toBeInstanceOf(Function);
  });

  it('agree with the schemas that the server applies', () => {
    const matches = compile('schemas/agent-frames.json');
    const hello = { type: 'hello', protocol: 1, client: { name: 'demo', version: '1' } };
    for (const frame of [hello, { ...hello, surprise: 1 }, { ...hello, protocol: 2 }])
      expect(matches(frame)).toBe(AGENT_FRAMES.hello.safeParse(frame).success);
  });
});
