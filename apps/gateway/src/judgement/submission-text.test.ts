import { Submission } from '@expacti/contracts';
import { sha256Hex } from '@expacti/crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { submissionText } from './submission-text.js';

const call = (args: Record<string, unknown>) =>
  submissionText({ kind: 'tool_call', tool: 'deploy', arguments: args } as Submission);

describe('the text that is judged', () => {
  it('is the command, byte for byte', () => {
    const command = ' echo  "é"\t# \u202e';
    expect(submissionText({ kind: 'command', command })).toBe(command);
  });

  it('is the canonical JSON of a tool call, whatever the order of its fields', () => {
    expect(call({ b: [1, { z: null, y: true }], a: 'é' })).toBe(
      '{"arguments":{"a":"é","b":[1,{"y":true,"z":null}]},"tool":"deploy"}',
    );
    expect(call({ a: 1, b: 2 })).toBe(call({ b: 2, a: 1 }));
    expect(call({ a: 1 })).not.toBe(call({ a: '1' }));
  });

  it('is the canonical JSON of a transfer, with its size only where one was said', () => {
    const transfer = { kind: 'file_transfer' as const, direction: 'upload' as const, paths: ['/b', '/a'] };
    expect(submissionText(transfer)).toBe('{"direction":"upload","paths":["/b","/a"]}');
    expect(submissionText({ ...transfer, bytes: 7 })).toBe('{"bytes":7,"direction":"upload","paths":["/b","/a"]}');
  });

  it('does not hold what says why or where', () => {
    const more = { reason: 'r', cwd: '/', target: 't', context: { task: 1 }, ref: 'x' };
    expect(submissionText({ kind: 'tool_call', tool: 'deploy', arguments: {}, ...more })).toBe(call({}));
  });

  it('exists for every tool call that the contract admits, and says the same things', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
        const admitted = Submission.safeParse({ kind: 'tool_call', tool: 't', arguments: args });
        if (!admitted.success) return;
        const text = submissionText(admitted.data);
        expect(sha256Hex(text)).toHaveLength(64);
        const { arguments: kept } = admitted.data as { arguments: unknown };
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ arguments: kept, tool: 't' })));
      }),
    );
  });

  it('is never asked of a number that JSON cannot say', () => {
    const huge = JSON.parse('{"a":1e999}') as Record<string, unknown>;
    expect(Submission.safeParse({ kind: 'tool_call', tool: 't', arguments: huge }).success).toBe(false);
  });
});
