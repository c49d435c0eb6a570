const WRITING_PROGRAMS = /^(rm|mv|cp|ln|install|tee|dd|truncate|chmod|chown|chgrp|touch|mkdir|rsync|tar|unzip|shred)$/;
const OUTPUT_OPTION = /^--(?:outp?[a-z-]*|cursor-file|cpu-profile|dump[a-z-]*|log-file|file-output)$/;
const FINDS_INTO = /^-f(?:print0?|printf|ls)$/;
const SED_WRITES = /(?:^|[^\w.])[\d$]{0,9}[wW]\s{0,9}([./~][^\s;}]*)/;

/**
 * The files that a command writes, as far as its words show: operands of programs that write, and what stands behind `-o`
 * or `--output`. A short option may mean something else to a program, so only places that matter make a difference.
 *
 * @param words the program first
 */
export function writtenPaths(program: string, words: readonly string[]): string[] {
  const operands = operandsAreWritten(program, words);
  let sawOperand = false;
  let sawOutput = false;
  return words.flatMap((word, at) => {
    if (at === 0) return [];
    const before = words[at - 1] ?? '';
    const isSecond = sawOperand;
    sawOperand ||= !word.startsWith('-');
    sawOutput ||= /^-[a-zA-Z]*o/.test(before);
    if (word.startsWith('--') && word.includes('=')) return valueOfOutput(word);
    if (/^-[a-zA-Z]*o[./~]/.test(word)) return [word.slice(word.indexOf('o') + 1)];
    if (operands) return [word.replace(/^[\w-]*=/, '')];
    if (/^-[a-zA-Z]*o$/.test(before) || OUTPUT_OPTION.test(before)) return [word];
    if (program === 'wget' && /^-[a-zA-Z]*O$/.test(before)) return [word];
    if (program === 'find' && FINDS_INTO.test(before)) return [word];
    if ((program === 'tree' && sawOutput) || (program === 'uniq' && isSecond)) return [word];
    const bySed = /^g?sed$/.test(program) ? SED_WRITES.exec(word)?.[1] : undefined;
    return bySed === undefined ? [] : [bySed];
  });
}

function operandsAreWritten(program: string, words: readonly string[]): boolean {
  if (/^g?sed$/.test(program)) return words.some((word) => /^--in-place|^-[nErsuz]*i/.test(word));
  return WRITING_PROGRAMS.test(program);
}

function valueOfOutput(word: string): string[] {
  const equals = word.indexOf('=');
  return OUTPUT_OPTION.test(word.slice(0, equals)) ? [word.slice(equals + 1)] : [];
}
