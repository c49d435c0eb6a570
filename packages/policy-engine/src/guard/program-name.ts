const SYSTEM_FOLDER = /^\/(usr\/)?s?bin\/[^/]+$/;

/** The last segment of a program's path. */
export function baseName(program: string): string {
  const slash = program.lastIndexOf('/');
  return slash < 0 ? program : program.slice(slash + 1);
}

/** The base name without a version: `python3.11` is `python`, `gcc-12` is `gcc`. */
export function unversionedName(program: string): string {
  const base = baseName(program);
  const last = base.charCodeAt(base.length - 1);
  if (last < 0x30 || last > 0x39) return base;
  const bare = base.replace(/-?\d+(\.\d+)*$/, '');
  return bare === '' ? base : bare;
}

/** A program found through `PATH` or named in a system folder: what its manual says holds for it. */
export function isSystemProgram(program: string): boolean {
  return !program.includes('/') || SYSTEM_FOLDER.test(program);
}

/** A path that depends on the working directory (`./run`, `bin/run`). */
export function isRelativePath(program: string): boolean {
  return program.includes('/') && !program.startsWith('/');
}
