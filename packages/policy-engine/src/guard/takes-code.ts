import { CODE_TAKING_NAMES, CODE_TAKING_PROGRAMS } from '../data/code-taking-programs.js';
import { baseName, unversionedName } from './program-name.js';

/** Does the program take code, or the name of a program, among its operands? */
export function takesCode(program: string): boolean {
  const base = baseName(program);
  const bare = unversionedName(program);
  return CODE_TAKING_PROGRAMS.has(base) || CODE_TAKING_PROGRAMS.has(bare) || CODE_TAKING_NAMES.test(bare);
}
