import type { CommandWords } from './command-words.js';
import type { RiskSignal } from './signal.js';

/** What is known about the risk of some programs. */
export interface ProgramRisk {
  /** Names, separated by spaces. */
  programs: string;
  /** Absent: always. */
  when?: (words: CommandWords) => boolean;
  signal: RiskSignal;
}

export const gone = (weight: number, reason: string): RiskSignal => ({ weight, reason, reversible: 'no' });
export const changes = (weight: number, reason: string): RiskSignal => ({ weight, reason, reversible: 'partly' });
export const shows = (weight: number, reason: string): RiskSignal => ({ weight, reason, reversible: 'yes' });

/** One of the letters in an option of one dash (`-rf`). */
export const hasShort = ({ options }: CommandWords, letters: RegExp): boolean =>
  options.some((option) => /^-[A-Za-z]/.test(option) && letters.test(option));
export const hasWord = ({ all }: CommandWords, words: RegExp): boolean =>
  all.some((word, at) => at > 0 && words.test(word));
/** The first operands are these words. */
export const starts = ({ operands }: CommandWords, ...words: readonly string[]): boolean =>
  words.every((word, at) => operands[at] === word);
export const firstIs = ({ operands }: CommandWords, words: RegExp): boolean => words.test(operands[0] ?? '');
export const secondIs = ({ operands }: CommandWords, words: RegExp): boolean => words.test(operands[1] ?? '');
