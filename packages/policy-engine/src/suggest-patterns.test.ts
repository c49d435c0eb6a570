import { analyze } from '@expacti/shell';
import { describe, expect, it } from '@jest/globals';
import { suggestPatterns } from './suggest-patterns.js';

const patternsFor = (line: string, ...similar: string[]): string[] =>
  suggestPatterns(
    analyze(line, 'bash'),
    similar.map((other) => analyze(other, 'bash')),
  ).map(({ pattern_type, pattern }) => `${pattern_type} ${pattern}`);

describe('suggested patterns', () => {
  it('go from the line itself to globs and a regular expression', () => {
    expect(patternsFor('docker logs web1')).toEqual([
      'exact docker logs web1',
      'glob docker logs web1',
      'glob docker logs *',
      'regex docker logs web[0-9]+',
    ]);
  });

  it('keep the folder of a path, and the names of options', () => {
    expect(patternsFor('cat /var/log/app.log')).toContain('glob cat /var/log/*.log');
    expect(patternsFor('dlogs web1 --since=10m')).toContain('glob dlogs * --since=*');
  });

  it('vary the words that have varied', () => {
    expect(patternsFor('deploy staging now', 'deploy production now')).toContain('glob deploy * now');
  });

  it('offer no wildcard where none would be covered', () => {
    expect(patternsFor('python3 tool.py 7')).toEqual(['exact python3 tool.py 7', 'glob python3 tool.py 7']);
  });

  it('cover each command of a compound line apart', () => {
    expect(patternsFor('ls /srv/a && wc -l /srv/b')).toEqual(
      expect.arrayContaining(['glob ls /srv/*', 'glob wc -l /srv/*', 'exact ls /srv/a && wc -l /srv/b']),
    );
  });

  it('quote what is not plain', () => {
    expect(patternsFor("dlogs 'a b' x9")).toContain("glob dlogs 'a b' x9");
  });

  it('offer only the text for a dynamic line, and nothing for one that is not understood', () => {
    expect(patternsFor('echo $HOME')).toEqual(['exact echo $HOME']);
    expect(patternsFor('echo "')).toEqual([]);
  });
});
