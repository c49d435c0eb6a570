/**
 * Whether what clients saw of one register could have happened one thing after another.
 *
 * Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), with the memory of Lowe, "Testing for
 * linearizability" (2017): a configuration, which calls are done and what state they left, is tried once. It proves
 * nothing about calls that were never recorded, so whoever calls records before it sends.
 */

/** One call as its client saw it. */
export interface Call<Asked, Answer> {
  /** The client, for whoever reads an explanation. */
  readonly by: string;
  readonly asked: Asked;
  /** On the one clock of all clients, in milliseconds. */
  readonly invokedAt: number;
  /** Null: no answer came. It may have had its effect at any time after it was invoked, or never. */
  readonly answered: { readonly at: number; readonly answer: Answer } | null;
}

/** What one client alone, calling one thing after another, may be told. */
export interface SequentialSpecification<State, Asked, Answer> {
  readonly initial: State;
  /**
   * The states in which a call may leave the register. None: that answer is impossible here.
   * @param answer null where it is unknown: every state that the call could lead to
   */
  after(state: State, asked: Asked, answer: Answer | null): readonly State[];
}

export type Linearization<Asked, Answer> =
  /** An order that explains every answer; of the calls without one, those that had an effect. */
  | { readonly ok: true; readonly order: readonly Call<Asked, Answer>[] }
  /** Answers that no order explains; taking any one of them back would make the rest possible. */
  | { readonly ok: false; readonly contradiction: readonly Call<Asked, Answer>[] };

export function linearize<State, Asked, Answer>(
  specification: SequentialSpecification<State, Asked, Answer>,
  calls: readonly Call<Asked, Answer>[],
): Linearization<Asked, Answer> {
  const order = new Search(specification, calls).order();
  return order ? { ok: true, order } : { ok: false, contradiction: contradictionIn(specification, calls) };
}

/** Forgets one answer after the other, as long as what remains is still impossible. */
function contradictionIn<State, Asked, Answer>(
  specification: SequentialSpecification<State, Asked, Answer>,
  calls: readonly Call<Asked, Answer>[],
): readonly Call<Asked, Answer>[] {
  let needed = calls;
  // The latest first: what went wrong first is the better explanation.
  for (const call of byInvocation(calls).reverse()) {
    const weaker = needed.map((other) => (other === call ? { ...call, answered: null } : other));
    if (new Search(specification, weaker).order() === null) needed = weaker;
  }
  return byInvocation(needed.filter(({ answered }) => answered !== null));
}

const byInvocation = <C extends { readonly invokedAt: number }>(calls: readonly C[]): C[] =>
  [...calls].sort((one, other) => one.invokedAt - other.invokedAt);

class Search<State, Asked, Answer> {
  readonly #calls: readonly Call<Asked, Answer>[];
  /** Equal for calls that ask the same. */
  readonly #asked: readonly string[];
  readonly #triedInVain = new Set<string>();
  readonly #order: Call<Asked, Answer>[] = [];

  constructor(
    private readonly specification: SequentialSpecification<State, Asked, Answer>,
    calls: readonly Call<Asked, Answer>[],
  ) {
    this.#calls = byInvocation(calls);
    this.#asked = this.#calls.map(({ asked }) => JSON.stringify(asked));
  }

  order(): readonly Call<Asked, Answer>[] | null {
    const all = this.#calls.map((_, index) => index);
    return this.#explains(all, this.specification.initial) ? this.#order : null;
  }

  /** @param remaining what is not in the order yet, by invocation */
  #explains(remaining: readonly number[], state: State): boolean {
    const firstAnswer = Math.min(
      ...remaining.map((index) => this.#call(index).answered?.at ?? Number.POSITIVE_INFINITY),
    );
    if (firstAnswer === Number.POSITIVE_INFINITY) return true;
    const before = keyOf(state);
    const configuration = `${remaining.join()} ${before}`;
    if (this.#triedInVain.has(configuration)) return false;
    const moves = this.#moves(remaining, state, firstAnswer);
    // What is possible now and changes nothing may as well be first: whatever comes later comes out the same.
    const idle = moves.find(({ index, next }) => this.#call(index).answered && isOnly(next, before));
    const found = (idle ? [idle] : moves).some(({ index, next }) =>
      next.some((after) => this.#goesOn(remaining, index, after, before)),
    );
    if (!found) this.#triedInVain.add(configuration);
    return found;
  }

  #goesOn(remaining: readonly number[], index: number, after: State, before: string): boolean {
    const call = this.#call(index);
    // An unknown call that changes nothing need not have happened.
    if (!call.answered && keyOf(after) === before) return false;
    this.#order.push(call);
    const rest = remaining.filter((other) => other !== index);
    if (this.#explains(rest, after)) return true;
    this.#order.pop();
    return false;
  }

  /** Calls that may come next: nobody had the answer to another before they were invoked. */
  #moves(remaining: readonly number[], state: State, firstAnswer: number): { index: number; next: readonly State[] }[] {
    const unknown = new Set<string>();
    const moves: { index: number; next: readonly State[] }[] = [];
    for (const index of remaining) {
      const { asked, invokedAt, answered } = this.#call(index);
      if (invokedAt > firstAnswer) break;
      if (!answered) {
        // Of unknown calls that ask the same the earliest can do whatever the others can.
        const same = this.#asked[index] as string;
        if (unknown.has(same)) continue;
        unknown.add(same);
      }
      const next = this.specification.after(state, asked, answered?.answer ?? null);
      if (next.length > 0) moves.push({ index, next });
    }
    return moves;
  }

  #call(index: number): Call<Asked, Answer> {
    return this.#calls[index] as Call<Asked, Answer>;
  }
}

const keyOf = (state: unknown): string => JSON.stringify(state);

const isOnly = (states: readonly unknown[], key: string): boolean => states.length === 1 && keyOf(states[0]) === key;
