import type { ProgramOptions } from '../guard/option-table.js';
import { CONTAINER_PROGRAMS } from './container-programs.js';
import { CORE_PROGRAMS } from './core-programs.js';
import { FILE_FINDERS } from './file-finders.js';
import { GIT_PROGRAMS } from './git-programs.js';
import { KUBERNETES_PROGRAMS } from './kubernetes-programs.js';
import { SYSTEM_PROGRAMS } from './system-programs.js';
import { TEXT_PROGRAMS } from './text-programs.js';

/**
 * Harmless options of common programs, each with the source it was read from. A program that is not here is treated as
 * `OptionCoverage` treats unknown programs, or as one that takes code. An org adds its own in `SnapshotInput.programOptions`.
 */
export const PROGRAM_OPTIONS: Readonly<Record<string, ProgramOptions>> = {
  ...CORE_PROGRAMS,
  ...TEXT_PROGRAMS,
  ...FILE_FINDERS,
  ...GIT_PROGRAMS,
  ...CONTAINER_PROGRAMS,
  ...KUBERNETES_PROGRAMS,
  ...SYSTEM_PROGRAMS,
};
