import { analyze } from '@expacti/shell';
import { describe, expect, it } from '@jest/globals';
import { firstOffer, offeredParts, patternOffers } from './pattern-offers.js';

const offers = (command: string, kind: 'command' | 'tool_call' | 'file_transfer' = 'command') =>
  patternOffers({ kind, command }, analyze(command));

describe('patterns on offer', () => {
  it('begin with the narrowest that lets something vary', () => {
    const made = offers('docker logs web1');
    expect([firstOffer(made, 'glob', 0)?.pattern, firstOffer(made, 'regex', 0)?.pattern]).toEqual([
      'docker logs *',
      'docker logs web[0-9]+',
    ]);
  });

  it('are the plain words where no wildcard would be covered', () => {
    expect(firstOffer(offers('git push origin HEAD:main'), 'glob', 0)?.pattern).toBe('git push origin HEAD:main');
  });

  it('are made for each command of a line that one could cover', () => {
    expect(offeredParts(offers('docker ps && docker logs web1'))).toEqual([0, 1]);
  });

  it('are none for what no pattern covers', () => {
    expect([offers('rm $DIR'), offers('if (')]).toEqual([[], []]);
  });

  it('name tools and folders for the other kinds', () => {
    expect(offers('{"arguments":{},"tool":"browser.open"}', 'tool_call')[0]?.pattern).toBe('browser.open');
    expect(offers('{"direction":"upload","paths":["/srv/a.csv"]}', 'file_transfer')[0]?.pattern).toBe('/srv/*');
    expect(offers('odd', 'tool_call')).toEqual([]);
  });
});
