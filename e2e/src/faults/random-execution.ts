import type { Random } from './random.js';
import {
  type Answer,
  type Asked,
  isSameAnswer,
  REQUEST_REGISTER,
  type RequestCall,
  type RequestState,
  type Standing,
  turns,
} from './request-register.js';

const REVIEWERS = ['usr_a', 'usr_b', 'usr_c'];

const ASKED: readonly ((random: Random) => Asked)[] = [
  () => ({ kind: 'read' }),
  () => ({ kind: 'start' }),
  () => ({ kind: 'cancel' }),
  () => ({ kind: 'lapse' }),
  (random) => ({ kind: 'vote', verb: random.pick(['approve', 'deny'] as const), reviewer: random.pick(REVIEWERS) }),
];

/** Calls that did happen one after another, each somewhere between its invocation and its answer; some answers are lost. */
export function executeAtRandom(random: Random, length: number): RequestCall[] {
  let state: RequestState = REQUEST_REGISTER.initial;
  const routine = random.chance(0.2);
  const calls: RequestCall[] = [];
  for (let moment = 1; moment <= length; moment += 1) {
    const isSubmission = moment === 1 || random.chance(0.15);
    const asked: Asked = isSubmission ? { kind: 'submit', routine } : random.pick(ASKED)(random);
    const by = asked.kind === 'vote' ? asked.reviewer : 'agent';
    const invokedAt = moment - random.next() * 3;
    const isLostOnTheWay = random.chance(0.05);
    const turn = random.pick(turns(state, asked));
    if (!isLostOnTheWay) state = turn.next;
    const isAnswered = !isLostOnTheWay && asked.kind !== 'lapse' && !random.chance(0.1);
    const answered = isAnswered ? { at: moment + random.next() * 3, answer: turn.answer } : null;
    calls.push({ by, asked, invokedAt, answered });
  }
  return calls;
}

/** The same calls, except that one answer is another that could have been given to such a call. */
export function flipOneAnswer(random: Random, calls: readonly RequestCall[]): RequestCall[] {
  const answered = calls.filter((call) => call.answered !== null);
  if (answered.length === 0) return [...calls];
  const chosen = random.pick(answered);
  return calls.map((call) => {
    if (call !== chosen || call.answered === null) return call;
    const { at, answer } = call.answered;
    const others = otherAnswers(call.asked).filter((other) => !isSameAnswer(other, answer));
    return { ...call, answered: { at, answer: random.pick(others) } };
  });
}

const STANDINGS: readonly Standing[] = [
  { status: 'pending' },
  { status: 'denied', source: 'timeout', reviewer: null },
  { status: 'denied', source: 'cancelled', reviewer: null },
  ...REVIEWERS.flatMap((reviewer): Standing[] => [
    { status: 'allowed', source: 'reviewer', reviewer },
    { status: 'denied', source: 'reviewer', reviewer },
  ]),
];

function otherAnswers(asked: Asked): Answer[] {
  switch (asked.kind) {
    case 'submit':
    case 'read':
      return STANDINGS.map((standing) => ({ kind: 'stands', standing }));
    case 'vote':
    case 'cancel':
      return [{ kind: 'done' }, { kind: 'already_closed' }, { kind: 'not_found' }];
    case 'start':
      return [{ kind: 'receipt' }, { kind: 'already_started' }, { kind: 'not_allowed' }, { kind: 'not_found' }];
    case 'lapse':
      return [];
  }
}
