const NOT_FILES = new Set(['/dev/null', '/dev/stdin', '/dev/stdout', '/dev/stderr']);

/**
 * Whether a redirection reads or writes a file. Copying a descriptor, a here-document and the standard streams do not.
 *
 * @param target the literal target, or null when it is not literal (then it may be any file)
 */
export function touchesFile(operator: string, target: string | null): boolean {
  if (operator.startsWith('<<')) return false;
  if (target === null) return true;
  if (operator.endsWith('&') && /^(?:\d+-?|-)$/.test(target)) return false;
  return !NOT_FILES.has(target);
}
