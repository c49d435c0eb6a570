import { analyze } from '@expacti/shell';
import { describe, expect, it } from '@jest/globals';
import { type JudgedPart, runList } from './run-list.js';

const list = (line: string, judged: JudgedPart[] = []) => runList(analyze(line), judged);

describe('what would run', () => {
  it('lists every command, wrapped ones under their wrapper', () => {
    expect(
      list('sudo systemctl stop web && ls').map(({ depth, words }) => [depth, words.map(({ text }) => text).join(' ')]),
    ).toEqual([
      [0, 'sudo systemctl stop web'],
      [1, 'systemctl stop web'],
      [0, 'ls'],
    ]);
  });

  it('says why a word is not known', () => {
    const [remove] = list('rm $DIR');
    expect(remove?.words[1]?.dynamic).toMatch(/variable/);
    expect(remove?.words[0]?.dynamic).toBeNull();
  });

  it('says what is read and written', () => {
    const [sort] = list('sort < in > out');
    expect(sort?.redirections).toEqual([
      { text: '< in', touchesFile: true },
      { text: '> out', touchesFile: true },
    ]);
  });

  it('shows the server’s verdict of each, found by its text when the places differ', () => {
    const judged: JudgedPart[] = [
      { text: 'other', verdict: 'deny', reasons: [] },
      { text: 'ls', verdict: 'allow', rule_id: 'rule_1', reasons: ['by a rule'] },
    ];
    expect(list('ls', judged)[0]).toMatchObject({ verdict: 'allow', ruleId: 'rule_1', notes: ['by a rule'] });
    expect(list('pwd', judged)[0]).toMatchObject({ verdict: null, ruleId: null });
  });
});
