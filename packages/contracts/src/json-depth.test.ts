import { describe, expect, it } from '@jest/globals';
import { SubmissionContext } from './command.js';
import { ExpactiError, parseOrRefuse } from './errors.js';
import { isShallowJson, MAX_JSON_DEPTH } from './json-depth.js';

const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

describe('free JSON', () => {
  it('may nest as deep as the limit and no deeper', () => {
    expect(isShallowJson(nested(MAX_JSON_DEPTH))).toBe(true);
    expect(isShallowJson(nested(MAX_JSON_DEPTH + 1))).toBe(false);
    expect(isShallowJson({ wide: Array.from({ length: 10_000 }, () => ({})) })).toBe(true);
  });

  it.each([MAX_JSON_DEPTH + 1, 1_000, 100_000])('is refused at a depth of %i, whatever the stack', (depth) => {
    expect(() => parseOrRefuse(SubmissionContext, nested(depth))).toThrow(ExpactiError);
  });
});
