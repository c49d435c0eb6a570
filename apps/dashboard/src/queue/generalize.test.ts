import { analyze } from '@expacti/shell';
import { describe, expect, it } from '@jest/globals';
import { globPattern, mayVary, patternWords, regexPattern } from './generalize.js';

function commandOf(line: string) {
  const [command] = analyze(line).commands;
  if (!command) throw new Error(`nothing would run in ${line}`);
  return command;
}
describe('a pattern made of words', () => {
  it('is a star where a word may vary', () => {
    expect(globPattern(commandOf('docker logs --tail 50 web1'), new Set([0, 2, 3, 4]))).toBe('docker logs --tail * *');
  });

  it('never lets the program, an option or a dynamic word vary', () => {
    expect(patternWords(commandOf('rm -rf $DIR x1')).map((word) => mayVary(word))).toEqual([false, false, false, true]);
  });

  it('quotes what would otherwise be a wildcard or two words', () => {
    expect(globPattern(commandOf(`echo 'a b' "it's *"`), new Set())).toBe(`echo 'a b' 'it'\\''s *'`);
  });

  it('spells redirections and assignments, which no wildcard covers', () => {
    expect(globPattern(commandOf('LANG=C sort in.txt > out.txt'), new Set())).toBe('LANG=C sort in.txt > out.txt');
  });
});

it('a regular expression spells what stays and leaves one word open', () => {
  const command = commandOf('docker logs web1.example');
  expect(regexPattern(command, new Set([2]))).toBe('docker logs [^ ]+');
  expect(new RegExp(`^${regexPattern(command, new Set())}$`).test('docker logs web1xexample')).toBe(false);
});
