import type { ProgramOptions } from '../guard/option-table.js';
import { CORE_PROGRAMS } from './core-programs.js';

/** Harmless options of common programs. A program that is not here is treated by the rules for unknown programs. */
export const PROGRAM_OPTIONS: Readonly<Record<string, ProgramOptions>> = { ...CORE_PROGRAMS };
