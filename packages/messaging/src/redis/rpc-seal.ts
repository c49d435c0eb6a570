import type { ReplyOnWire } from './rpc-wire.js';

/**
 * Keeps what is asked and answered (passwords, tokens) from whoever can read the server, its file or a backup of it.
 * `place` is bound to the text: it opens at no other.
 */
export interface RpcSeal {
  seal(text: string, place: string): string;
  /** @throws where the text was not sealed by the same key for the same place */
  open(text: string, place: string): string;
}

export const UNSEALED: RpcSeal = { seal: (text) => text, open: (text) => text };

/** Which question of all: an answer to one is none to another. */
interface Question {
  readonly call: string;
  readonly pattern: string;
  readonly replyTo: string;
}

const placeOf = (part: 'request' | 'reply', { pattern, replyTo, call }: Question) =>
  `rpc:${part}:${pattern}:${replyTo}:${call}`;

export const sealPayload = (seal: RpcSeal, question: Question, payload: string): string =>
  seal.seal(payload, placeOf('request', question));

/** @throws where it does not open */
export const openPayload = (seal: RpcSeal, question: Question, payload: string): string =>
  seal.open(payload, placeOf('request', question));

/** The call in front: the asker finds by it where the rest was sealed for. */
export const replyMessage = (seal: RpcSeal, question: Question, reply: ReplyOnWire): string =>
  `${question.call} ${seal.seal(JSON.stringify(reply), placeOf('reply', question))}`;

export const callOf = (message: string): string => message.split(' ', 1)[0] ?? '';

/** @throws where it does not open */
export const openReply = (seal: RpcSeal, question: Question, message: string): ReplyOnWire =>
  JSON.parse(seal.open(message.slice(question.call.length + 1), placeOf('reply', question))) as ReplyOnWire;
