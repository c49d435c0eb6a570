import { HARMLESS, type RiskSignal } from './signal.js';

const LOOKS: RiskSignal = { weight: HARMLESS, reason: 'It only looks.', reversible: 'yes' };
const RUNS: RiskSignal = { weight: 60, reason: 'Its script runs other programs.', reversible: 'no' };
const FROM_FILE: RiskSignal = {
  weight: 55,
  reason: 'It runs a script from a file, which may have changed.',
  reversible: 'no',
};
const UNCLEAR: RiskSignal = {
  weight: 35,
  reason: 'Its script may write files or run programs.',
  reversible: 'partly',
};

/** What the scripts of sed and awk do, as far as that is sure; null for other programs. */
export function scriptSignal(program: string, words: readonly string[]): RiskSignal | null {
  if (/^(g?sed)$/.test(program)) return sedSignal(words.slice(1));
  return /^([gmn]?awk|original-awk)$/.test(program) ? awkSignal(words.slice(1)) : null;
}

const ADDRESS = String.raw`(?:\d+|\$|\d+~\d+|/(?:\\.|[^\\/])*/I?)`;
/** One sed command, without spaces around it, that only prints, drops or replaces. Gaps are bounded, to stay linear. */
const HARMLESS_SED = new RegExp(
  String.raw`^(?:${ADDRESS}(?:,[+~]?${ADDRESS})?)? ?(?:! ?)?(?:[pPdDqQhHgGxnN=l]|s/(?:\\.|[^\\/])*/(?:\\.|[^\\/])*/[gpiI\d]*|s([|#,:@])(?:(?!\1)[^\\])*\1(?:(?!\1)[^\\])*\1[gpiI\d]*)$`,
);
const SED_RUNS = /(?:^|[;{}\n!]|\d|\$|\/I?)\s{0,9}e(?:\s|$)|[/|#,:@][gpiIm\d]{0,9}e[gpiIm\d]{0,9}\s{0,9}(?:$|[;}\n])/;
const SED_WRITES = /(?:^|[;{}\n!]|\d|\$|[/|#,:@][gpiIm\d]{0,9})\s{0,9}[wW]\s{0,9}[./\w]/;

function sedSignal(words: readonly string[]): RiskSignal {
  const scripts: string[] = [];
  const plain: string[] = [];
  let inPlace = false;
  let unclear = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (/^--in-place|^-[nErsuz]*i/.test(word)) inPlace = true;
    else if (/^-[nErsuz]*f|^--fi/.test(word)) return FROM_FILE;
    else if (/^-[nErsuz]*e$|^--expression$/.test(word)) scripts.push(words[++at] ?? '');
    else if (/^-[nErsuz]*e.|^--expression=/.test(word)) scripts.push(word.replace(/^-[nErsuz]*e|^--expression=/, ''));
    else if (!word.startsWith('-') || word === '-') plain.push(word);
    else if (!/^-[nErsuz]+$|^--(quiet|silent|regexp-extended|separate|null-data|unbuffered|posix|sandbox)$/.test(word))
      unclear = true;
  }
  if (scripts.length === 0) scripts.push(plain[0] ?? '');
  if (scripts.some((script) => SED_RUNS.test(script) && !isHarmlessSed(script))) return RUNS;
  if (inPlace) return { weight: 40, reason: 'It rewrites files in place.', reversible: 'no' };
  if (scripts.some((script) => SED_WRITES.test(script) && !isHarmlessSed(script)))
    return { weight: 50, reason: 'Its script writes files.', reversible: 'no' };
  return !unclear && scripts.every(isHarmlessSed) ? LOOKS : UNCLEAR;
}

const isHarmlessSed = (script: string): boolean =>
  HARMLESS_SED.test(script.trim()) || script.split(';').every((part) => HARMLESS_SED.test(part.trim()));

const AWK_RUNS = /system\s*\(|\|&?\s*("|getline)|"\s*\||@/;

function awkSignal(words: readonly string[]): RiskSignal {
  let at = 0;
  for (; at < words.length && words[at]?.startsWith('-'); at++) {
    const word = words[at] ?? '';
    if (/^-[fEil]|^--(file|exec|include|load)/.test(word)) return FROM_FILE;
    if (/^-[Fv]$/.test(word)) at++;
    else if (!/^-[Fv]/.test(word)) return UNCLEAR;
  }
  const script = words[at] ?? '';
  if (AWK_RUNS.test(script)) return RUNS;
  return /[|>]|getline|system/.test(script) ? UNCLEAR : LOOKS;
}
