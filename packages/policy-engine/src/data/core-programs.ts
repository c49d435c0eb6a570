import type { ProgramOptions } from '../guard/option-table.js';

export const CORE_PROGRAMS: Readonly<Record<string, ProgramOptions>> = {
  echo: { source: 'bash(1), echo(1)', anything: true },
};
