import { OptionCoverage } from '../guard/option-coverage.js';
import { type OptionTables, optionTable } from '../guard/option-table.js';
import { baseName, isSystemProgram } from '../guard/program-name.js';
import { AWS_READ, LOCAL_TABLES, LOOKS_WHATEVER_IT_IS_TOLD, REMOTE_TABLES } from './looking-programs.js';
import { HARMLESS, LOOKING, type RiskSignal } from './signal.js';

const AWS_TABLES: OptionTables = new Map([['aws', optionTable(AWS_READ)]]);
const LOOKS: RiskSignal = { weight: HARMLESS, reason: 'It only looks.', reversible: 'yes' };
const LOOKS_OUTSIDE: RiskSignal = {
  weight: LOOKING,
  reason: 'It only looks, at something outside.',
  reversible: 'yes',
};

/** Pagers run what stands behind a plus (`less '+!id' file`). */
const RUNS_PLUS_WORDS = /^(less|more)$/;

/**
 * Does the command only look? Every word has to be known as harmless for its program; a program that is merely known says
 * nothing about what its words make of it.
 *
 * @param words null stands for a word that is not literal
 * @param wrapper it runs another command, which is judged apart
 * @returns null where that is not known
 */
export function onlyLooks(words: readonly (string | null)[], wrapper: boolean): RiskSignal | null {
  const literal = words.filter((word) => word !== null);
  const program = words[0];
  if (typeof program !== 'string' || !isSystemProgram(program)) return null;
  const name = baseName(program);
  if (literal.length < words.length && !LOOKS_WHATEVER_IT_IS_TOLD.has(name)) return null;
  if (RUNS_PLUS_WORDS.test(name) && literal.some((word) => word.startsWith('+'))) return null;
  if (covered(literal, LOCAL_TABLES, wrapper)) return LOOKS;
  if (covered(literal, REMOTE_TABLES, wrapper)) return LOOKS_OUTSIDE;
  return name === 'aws' && readsAws(literal) ? LOOKS_OUTSIDE : null;
}

function covered(argv: readonly string[], tables: OptionTables, wrapper: boolean): boolean {
  if (!tables.has(baseName(argv[0] ?? ''))) return false;
  const coverage = new OptionCoverage(argv, tables, { wrapper, changesState: false });
  return argv.every((_, at) => at === 0 || coverage.covers(at));
}

function readsAws([program, service, operation, ...rest]: readonly string[]): boolean {
  if (program === undefined || service === undefined || operation === undefined) return false;
  const reads =
    (/^[a-z][a-z0-9-]*$/.test(service) && /^(describe|list)-[a-z-]+$/.test(operation)) ||
    (service === 's3' && operation === 'ls');
  return reads && covered([program, ...rest], AWS_TABLES, false);
}
