import { expect, it } from '@jest/globals';
import { boundsOf, fitted } from './timeout-choice.js';

it('seconds follow the bounds of what is chosen', () => {
  expect([boundsOf('deny').most, boundsOf('hold').most]).toEqual([600, 86_400]);
  expect([fitted('deny', 5), fitted('deny', 7_200), fitted('hold', 7_200), fitted('allow', 60)]).toEqual([
    30, 600, 7_200, 60,
  ]);
});
