/** What was asked for. */
export interface Plan {
  readonly payload: unknown;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  readonly maxAttempts: number;
  readonly everyMs?: number | undefined;
}

/** One job of BullMQ, which holds this as its data. A job of ours that is moved or repeated takes several turns. */
export interface Turn extends Plan {
  /** The id that `schedule` returned. */
  readonly id: string;
  /** Only of jobs with a key: the record of the key says whether this turn still counts. */
  readonly key?: string;
  /** From 1; each move and each repetition begins another turn. */
  readonly revision: number;
}

export type KeyedTurn = Turn & { readonly key: string };

export function isKeyed(turn: Turn): turn is KeyedTurn {
  return turn.key !== undefined;
}

/** What BullMQ and the list of failed jobs call the turn. BullMQ allows no colon. */
export function turnId({ id, revision }: Pick<Turn, 'id' | 'revision'>): string {
  return revision === 1 ? id : `${id}.${revision}`;
}

/** The part that was asked for. */
export function planOf({ payload, dueAt, maxAttempts, everyMs }: Plan): Plan {
  return { payload, dueAt, maxAttempts, ...(everyMs === undefined ? {} : { everyMs }) };
}
