import { type Chained, entryHash, GENESIS_HASH, type Link } from './hash-chain.js';

/** Something that is wrong with a chain, and where. */
export type ChainFault =
  /** The entry's content or its link is not what its hash was made of. */
  | { readonly kind: 'changed'; readonly sequence: number }
  /** Entries of these numbers are missing. */
  | { readonly kind: 'removed'; readonly sequence: number; readonly through: number }
  /** A second entry of this number. */
  | { readonly kind: 'inserted'; readonly sequence: number }
  /** The entry stands elsewhere than its number says. */
  | { readonly kind: 'reordered'; readonly sequence: number }
  /** Every hash fits, but a checkpoint that was signed earlier says otherwise: the past was written anew. */
  | { readonly kind: 'rewritten'; readonly sequence: number };

export interface ChainReport {
  readonly ok: boolean;
  readonly checked: number;
  /** In the order in which they were found; at most 1 000. */
  readonly faults: readonly ChainFault[];
  /** The last entry, to go on from or to sign. */
  readonly head: Link | undefined;
}

export interface VerifyChainOptions {
  /** Verification begins after this entry, which was verified before. Default: at the first one. */
  readonly after?: Link;
  /** Places that the chain is known to have passed through. They show what hashes alone cannot: a cut-off end, a rewritten past. */
  readonly checkpoints?: readonly Link[];
}

const MAX_FAULTS = 1_000;

/** Reads a chain in stored order, whatever its length, and tells everything that is wrong with it. */
export async function verifyChain(
  entries: AsyncIterable<Chained<object>> | Iterable<Chained<object>>,
  options: VerifyChainOptions = {},
): Promise<ChainReport> {
  const verifier = new ChainVerifier(options);
  for await (const entry of entries) verifier.take(entry);
  return verifier.finish();
}

class ChainVerifier {
  readonly #faults: ChainFault[] = [];
  readonly #missing = new Set<number>();
  readonly #checkpoints: Map<number, string>;
  #previous: Link;
  #highest: number;
  #checked = 0;

  constructor({ after, checkpoints = [] }: VerifyChainOptions) {
    this.#previous = after ?? { sequence: 0, hash: GENESIS_HASH };
    this.#highest = this.#previous.sequence;
    this.#checkpoints = new Map(checkpoints.map(({ sequence, hash }) => [sequence, hash]));
  }

  take(entry: Chained<object>): void {
    this.#checked += 1;
    const { sequence } = entry;
    const isNext = sequence === this.#highest + 1;
    if (!isNext) this.#misplaced(sequence);
    if (!isIntact(entry)) this.#add({ kind: 'changed', sequence });
    // Where a neighbour is missing the link cannot fit, and that is told already.
    else if (isNext && this.#previous.sequence === sequence - 1 && entry.previous_hash !== this.#previous.hash) {
      this.#add({ kind: 'changed', sequence: Math.max(sequence - 1, 1) });
    } else this.#compare(entry);
    // An entry that stands too late, or that somebody put in, is nobody's predecessor.
    if (sequence <= this.#highest) return;
    this.#highest = sequence;
    this.#previous = { sequence, hash: entry.hash };
  }

  finish(): ChainReport {
    this.#cutOff();
    for (const range of ranges(this.#missing)) this.#add({ kind: 'removed', ...range });
    const head = this.#checked === 0 ? undefined : this.#previous;
    return { ok: this.#faults.length === 0, checked: this.#checked, faults: this.#faults, head };
  }

  #misplaced(sequence: number): void {
    if (sequence > this.#highest + 1) {
      // Bounded: a forged number of many digits is not worth that many entries here.
      const first = Math.max(this.#highest + 1, sequence - 1_000_000);
      for (let missing = first; missing < sequence; missing += 1) this.#missing.add(missing);
      return;
    }
    this.#add({ kind: this.#missing.delete(sequence) ? 'reordered' : 'inserted', sequence });
  }

  #compare(entry: Link): void {
    const known = this.#checkpoints.get(entry.sequence);
    if (known !== undefined && known !== entry.hash) this.#add({ kind: 'rewritten', sequence: entry.sequence });
  }

  /** A checkpoint beyond the end: the end was cut off. */
  #cutOff(): void {
    const last = Math.max(0, ...this.#checkpoints.keys());
    if (last > this.#highest) this.#add({ kind: 'removed', sequence: this.#highest + 1, through: last });
  }

  #add(fault: ChainFault): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }
}

/** Whether an entry has the hash that its own fields ask for. */
function isIntact(entry: Chained<object>): boolean {
  try {
    return entry.hash === entryHash(entry.previous_hash, entry);
  } catch {
    // What canonical JSON cannot hold was never hashed.
    return false;
  }
}

function* ranges(numbers: Iterable<number>): Generator<{ sequence: number; through: number }> {
  let range: { sequence: number; through: number } | undefined;
  for (const number of [...numbers].sort((a, b) => a - b)) {
    if (range !== undefined && range.through + 1 === number) range.through = number;
    else {
      if (range !== undefined) yield range;
      range = { sequence: number, through: number };
    }
  }
  if (range !== undefined) yield range;
}
