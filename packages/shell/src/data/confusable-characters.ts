/**
 * Letters of other scripts that look like an ASCII letter in common fonts, as pairs of letter and look-alike. A choice
 * from Unicode's confusables (UTS 39) restricted to what can pass at reading size.
 */
const LETTERS =
  'аaсcеeоoрpхxуyіiјjѕsԁdһhԛqԝwӏlкkмmтtвbнhгrпnАAВBСCЕEНHІIЈJКKМMОOРPЅSТTХXУYҮYԚQԜWЗ3бb' +
  'οoνvαaιiκkρpυuχxγyεeτtωwηnϲcϳjΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϹC' +
  'օoսuհhոnցgզqյjՏSՕOՍUԼL' +
  'ıiɑaɡgȷjɩiʟLɴNʀRʏYǀ|ⲟoⲣpⲥcᎪAᏴBᏟCᎬEᎻHᎫJᏦKᏞLᎷMᏢPᏚSᎢTᏙVᎳWᏃZ';

/** Signs that look like one which means something to a shell. */
const SIGNS = ";;∣|❘|⏐|∕/⁄/⧸/╱/∖\\⧵\\ˋ`‵`′'ʹ'ʼ'″\"∗*⁎*․.꞉:∶:‹<›>❮<❯>≺<≻>⟨<⟩>﹩$˜~∼~﹠&‐-‑-⁃-−-➖-ꓸ.ǃ!ⵑ!";

const looksLike = new Map<string, string>();
for (const pairs of [LETTERS, SIGNS]) {
  const characters = [...pairs];
  for (let index = 0; index + 1 < characters.length; index += 2) {
    looksLike.set(characters[index] ?? '', characters[index + 1] ?? '');
  }
}

/**
 * The ASCII character that a character can be mistaken for, or null. Fullwidth and small forms, mathematical letters and
 * Roman numerals count as what they decompose to (NFKC).
 */
export function lookalike(character: string): string | null {
  const known = looksLike.get(character);
  if (known !== undefined) return known;
  const codepoint = character.codePointAt(0) ?? 0;
  const decomposes =
    (codepoint >= 0xff01 && codepoint <= 0xff5e) ||
    (codepoint >= 0xfe50 && codepoint <= 0xfe6b) ||
    (codepoint >= 0x1d400 && codepoint <= 0x1d7ff) ||
    (codepoint >= 0x2160 && codepoint <= 0x217f);
  if (!decomposes) return null;
  const plain = character.normalize('NFKC');
  return /^[!-~]$/.test(plain) ? plain : null;
}
