import { describe, expect, it } from '@jest/globals';
import { similarTo } from './similar.js';
import { anApproval } from './testing/an-approval.js';

const rows = [
  anApproval({ id: '1', command: 'git fetch origin' }),
  anApproval({ id: '2', command: 'git fetch upstream --prune' }),
  anApproval({ id: '3', command: 'git push origin' }),
  anApproval({ id: '4', command: 'git fetch origin && rm x' }),
  anApproval({ id: '5', command: 'git fetch $REMOTE' }),
  anApproval({ id: '6', command: 'git fetch $REMOTE' }),
  anApproval({ id: '7', command: 'git fetch origin', encrypted: true }),
  anApproval({ id: '8', command: 'git fetch other', status: 'denied' }),
];
const similar = (id: string) => similarTo(rows.find((row) => row.id === id) ?? anApproval(), rows).join('');

describe('similar requests', () => {
  it('run the same program with the same first word', () => {
    expect(similar('1')).toBe('12');
  });

  it('are not those that run something else besides', () => {
    expect([similar('3'), similar('4')]).toEqual(['3', '4']);
  });

  it('are only the same text where something is not literal or not readable', () => {
    expect([similar('5'), similar('7')]).toEqual(['56', '7']);
  });
});
