import { AGENT_FRAMES } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFrame, UnusableFrame } from './agent-frames.js';

/** What a text is: a frame, or why it is none. Anything else that is thrown fails the test. */
function read(text: string) {
  try {
    return parseFrame(text);
  } catch (error) {
    if (error instanceof UnusableFrame) return error;
    throw error;
  }
}

const names = fc.constantFrom(
  ...Object.keys(AGENT_FRAMES),
  ...['ref', 'type', 'command', 'command_id', 'kind', 'context', 'arguments', 'session', '__proto__', 'constructor'],
);
const almostFrame = fc.record(
  {
    type: fc.oneof(fc.constantFrom(...Object.keys(AGENT_FRAMES)), fc.jsonValue()),
    ref: fc.oneof(fc.string(), fc.jsonValue()),
    command: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    command_id: fc.oneof(fc.constant(newId('cmd')), fc.string()),
    kind: fc.oneof(fc.constantFrom('command', 'tool_call', 'file_transfer'), fc.jsonValue()),
    more: fc.dictionary(names, fc.jsonValue()),
  },
  { requiredKeys: [] },
);

describe('a text frame', () => {
  it('is read, or refused by name, whatever it holds', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      almostFrame.map(({ more, ...frame }) => JSON.stringify({ ...frame, ...more })),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const frame = read(text);
        if (frame instanceof UnusableFrame) expect(['INVALID', 'MALFORMED_JSON']).toContain(frame.error.code);
        else expect(Object.keys(AGENT_FRAMES)).toContain(frame.type);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused when it holds the character U+0000, not when it spells it', () => {
    const frame = (command: string) => JSON.stringify({ type: 'command.submit', ref: '1', command });
    expect(read(frame('ls \0'))).toMatchObject({ error: { code: 'INVALID' }, ref: '1' });
    expect(read(frame('printf "\\u0000"'))).toMatchObject({ command: 'printf "\\u0000"' });
  });

  it('is refused when it is nested beyond measure', () => {
    const deep = `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`;
    for (const text of [deep, `{"type":"command.submit","ref":"1","command":"id","context":${deep}}`])
      expect(read(text)).toBeInstanceOf(UnusableFrame);
    expect(read(`{"type":"ping","at":${deep}}`)).toBeDefined();
  });

  it('that is refused says which request it was, cut to a sensible length', () => {
    const refused = read(JSON.stringify({ type: 'command.cancel', ref: 'r'.repeat(999), command_id: 'x' }));
    expect(refused).toMatchObject({ commandId: 'x', error: { code: 'INVALID' } });
    expect((refused as UnusableFrame).ref).toHaveLength(200);
    expect(read('{"type":"nonsense","ref":7}')).toMatchObject({ ref: undefined, error: { code: 'INVALID' } });
  });

  it('is a command where it does not say its kind', () => {
    expect(read('{"type":"command.submit","ref":"1","command":"id"}')).toMatchObject({ kind: 'command' });
    expect(read('{"type":"command.submit","ref":"1","kind":"tool_call","command":"id"}')).toBeInstanceOf(UnusableFrame);
  });

  it.each(['toString', 'hasOwnProperty', '__proto__', ''])('of the type %p is unknown', (type) => {
    expect(read(JSON.stringify({ type }))).toMatchObject({ error: { code: 'INVALID' } });
  });
});
