import type { Shell } from '../analysis.js';

/**
 * Programs that run shell code given by `-c` or on standard input, with the grammar that judges such code. Shells with
 * a grammar that is not known here are judged as zsh: only what every shell reads alike passes.
 */
const SHELLS: ReadonlyMap<string, Shell> = new Map<string, Shell>([
  ['sh', 'sh'],
  ['bash', 'bash'],
  ['rbash', 'bash'],
  ['dash', 'dash'],
  ['ash', 'sh'],
  ['hush', 'sh'],
  ['posh', 'sh'],
  ['bosh', 'sh'],
  ['yash', 'zsh'],
  ['ksh', 'zsh'],
  ['ksh93', 'zsh'],
  ['rksh', 'zsh'],
  ['mksh', 'zsh'],
  ['lksh', 'zsh'],
  ['oksh', 'zsh'],
  ['pdksh', 'zsh'],
  ['zsh', 'zsh'],
  ['rzsh', 'zsh'],
  ['fish', 'fish'],
]);

/** Shells with an altogether different grammar or command line: what they run is never determined. */
const FOREIGN_SHELLS: ReadonlySet<string> = new Set(
  'csh tcsh rc es elvish nu oil osh ysh xonsh pwsh powershell scsh cmd cmd.exe ion murex'.split(' '),
);

/** The grammar of a shell program by its base name (`bash-5.2` is `bash`), `'foreign'`, or null when it is no shell. */
export function shellOfProgram(baseName: string): Shell | 'foreign' | null {
  const name = baseName.replace(/[-.]?\d[\d.]*$/, '').replace(/\.(?:exe|static|real|distrib)$/, '');
  const shell = SHELLS.get(baseName) ?? SHELLS.get(name);
  if (shell !== undefined) return shell;
  return FOREIGN_SHELLS.has(baseName) || FOREIGN_SHELLS.has(name) ? 'foreign' : null;
}

/** Whether this names a shell whose grammar can be judged. */
export function isShell(value: string): value is Shell {
  return value === 'bash' || value === 'sh' || value === 'dash' || value === 'zsh' || value === 'fish';
}
