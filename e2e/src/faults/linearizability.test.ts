import { describe, expect, it } from '@jest/globals';
import { describeCall } from './describe-call.js';
import { type Linearization, linearize } from './linearizability.js';
import { Random } from './random.js';
import { executeAtRandom, flipOneAnswer } from './random-execution.js';
import { type Answer, type Asked, REQUEST_REGISTER, type RequestCall, type Standing } from './request-register.js';

const ALICE = 'usr_alice';
const BOB = 'usr_bob';

const SUBMIT: Asked = { kind: 'submit', routine: false };
const ROUTINE: Asked = { kind: 'submit', routine: true };
const READ: Asked = { kind: 'read' };
const START: Asked = { kind: 'start' };
const CANCEL: Asked = { kind: 'cancel' };
const LAPSE: Asked = { kind: 'lapse' };
const vote = (verb: 'approve' | 'deny', reviewer: string): Asked => ({ kind: 'vote', verb, reviewer });

const DONE: Answer = { kind: 'done' };
const CLOSED: Answer = { kind: 'already_closed' };
const RECEIPT: Answer = { kind: 'receipt' };
const told = (standing: Standing, withReceipt = false): Answer => ({ kind: 'stands', standing, withReceipt });
const PENDING = told({ status: 'pending' });
const by = (status: 'allowed' | 'denied', reviewer: string) => told({ status, source: 'reviewer', reviewer });
const BY_RULE = told({ status: 'allowed', source: 'rule', reviewer: null }, true);
const LAPSED = told({ status: 'denied', source: 'timeout', reviewer: null });
const CANCELLED = told({ status: 'denied', source: 'cancelled', reviewer: null });

/** Asked at `from`, answered at `until`. */
const call = (from: number, until: number, asked: Asked, answer: Answer): RequestCall => ({
  by: 'somebody',
  asked,
  invokedAt: from,
  answered: { at: until, answer },
});
const unanswered = (from: number, asked: Asked): RequestCall => ({
  by: 'somebody',
  asked,
  invokedAt: from,
  answered: null,
});

const judge = (...calls: RequestCall[]): Linearization<Asked, Answer> => linearize(REQUEST_REGISTER, calls);
const contradiction = (...calls: RequestCall[]): string[] => {
  const judged = judge(...calls);
  return judged.ok ? [] : judged.contradiction.map(describeCall);
};

describe('what can have happened', () => {
  const held = call(0, 10, SUBMIT, PENDING);

  it.each<[string, RequestCall[]]>([
    ['nothing at all', []],
    ['a request that waits', [held, call(20, 30, READ, PENDING)]],
    [
      'a request that is approved, then started once',
      [
        held,
        call(20, 30, vote('approve', ALICE), DONE),
        call(40, 50, READ, by('allowed', ALICE)),
        call(60, 70, START, RECEIPT),
        call(80, 90, START, { kind: 'already_started' }),
      ],
    ],
    [
      'two who race, of whom one wins',
      [held, call(20, 40, vote('approve', ALICE), CLOSED), call(25, 45, vote('deny', BOB), DONE)],
    ],
    [
      'a vote that was answered before the submission was',
      [call(0, 50, SUBMIT, PENDING), call(20, 30, vote('deny', BOB), DONE)],
    ],
    [
      'a vote without an answer that counted nevertheless, long after',
      [
        held,
        unanswered(20, vote('approve', ALICE)),
        call(30, 40, READ, PENDING),
        call(900, 910, READ, by('allowed', ALICE)),
      ],
    ],
    [
      'a vote without an answer that never counted',
      [held, unanswered(20, vote('approve', ALICE)), call(900, 910, READ, PENDING)],
    ],
    [
      'the same vote again after no answer, which finds the request closed by the first',
      [
        held,
        unanswered(20, vote('approve', ALICE)),
        call(30, 40, vote('approve', ALICE), CLOSED),
        call(50, 60, READ, by('allowed', ALICE)),
      ],
    ],
    ['a submission without an answer, made again', [unanswered(0, SUBMIT), call(20, 30, SUBMIT, PENDING)]],
    [
      'what a rule allows, with its receipt',
      [call(0, 5, ROUTINE, BY_RULE), call(10, 15, START, { kind: 'already_started' })],
    ],
    [
      'what a rule allows while the answer is lost: the receipt is gone with it',
      [
        unanswered(0, ROUTINE),
        call(10, 20, ROUTINE, told({ status: 'allowed', source: 'rule', reviewer: null })),
        call(30, 40, START, { kind: 'already_started' }),
      ],
    ],
    ['what a rule would allow, held because nobody could tell', [call(0, 5, ROUTINE, PENDING)]],
    [
      'a cancellation',
      [held, call(20, 30, CANCEL, DONE), call(40, 50, vote('approve', ALICE), CLOSED), call(60, 70, READ, CANCELLED)],
    ],
    [
      'a right to start that is given up',
      [
        held,
        call(20, 30, vote('approve', ALICE), DONE),
        call(40, 50, CANCEL, DONE),
        call(60, 70, START, { kind: 'not_allowed' }),
        call(80, 90, READ, by('allowed', ALICE)),
      ],
    ],
    ['a deadline that passes', [held, unanswered(30_000, LAPSE), call(30_001, 30_002, READ, LAPSED)]],
    [
      'a receipt that a gateway took for a socket which was gone',
      [
        held,
        unanswered(0, START),
        call(20, 30, vote('approve', BOB), DONE),
        call(40, 50, START, { kind: 'already_started' }),
      ],
    ],
  ])('%s', (_, calls) => {
    expect(contradiction(...calls)).toEqual([]);
  });

  it('comes with the order that explains it', () => {
    const approve = call(20, 40, vote('approve', ALICE), DONE);
    const late = call(25, 45, vote('deny', BOB), CLOSED);
    const judged = judge(late, unanswered(5, CANCEL), approve, held);
    expect(judged).toEqual({ ok: true, order: [held, approve, late] });
  });
});

describe('what cannot have happened', () => {
  const held = call(0, 10, SUBMIT, PENDING);
  const approved = call(20, 30, vote('approve', ALICE), DONE);

  it.each<[string, RequestCall[], string[]]>([
    [
      'two winners',
      [held, approved, call(25, 35, vote('deny', BOB), DONE), call(40, 50, READ, by('allowed', ALICE))],
      ['somebody: approve by usr_alice → done [20.0 – 30.0 ms]', 'somebody: deny by usr_bob → done [25.0 – 35.0 ms]'],
    ],
    [
      'a closed request that is open again',
      [held, approved, call(40, 50, READ, PENDING)],
      ['somebody: approve by usr_alice → done [20.0 – 30.0 ms]', 'somebody: read → pending [40.0 – 50.0 ms]'],
    ],
    [
      'an outcome that becomes another one',
      [
        held,
        unanswered(20, vote('approve', ALICE)),
        unanswered(20, vote('deny', BOB)),
        call(30, 40, READ, by('allowed', ALICE)),
        call(50, 60, READ, by('denied', BOB)),
      ],
      [
        'somebody: read → allowed by reviewer usr_alice [30.0 – 40.0 ms]',
        'somebody: read → denied by reviewer usr_bob [50.0 – 60.0 ms]',
      ],
    ],
    [
      'a read that goes back',
      [held, unanswered(12, CANCEL), call(20, 30, READ, CANCELLED), call(40, 50, READ, PENDING)],
      ['somebody: read → denied by cancelled [20.0 – 30.0 ms]', 'somebody: read → pending [40.0 – 50.0 ms]'],
    ],
    [
      'two receipts',
      [held, approved, call(40, 50, START, RECEIPT), call(41, 51, START, RECEIPT)],
      ['somebody: start → receipt [40.0 – 50.0 ms]', 'somebody: start → receipt [41.0 – 51.0 ms]'],
    ],
    [
      'a receipt for what was denied',
      [held, call(20, 30, vote('deny', BOB), DONE), call(40, 50, START, RECEIPT)],
      ['somebody: start → receipt [40.0 – 50.0 ms]'],
    ],
    [
      'a receipt that nobody allowed',
      [held, call(40, 50, START, RECEIPT)],
      ['somebody: start → receipt [40.0 – 50.0 ms]'],
    ],
    [
      'a receipt after it was given up',
      [held, approved, call(40, 50, CANCEL, DONE), call(60, 70, START, RECEIPT)],
      ['somebody: cancel → done [40.0 – 50.0 ms]', 'somebody: start → receipt [60.0 – 70.0 ms]'],
    ],
    [
      'an acknowledged vote that is lost',
      [held, call(20, 30, vote('deny', BOB), DONE), unanswered(30_000, LAPSE), call(40_000, 40_001, READ, LAPSED)],
      [
        'somebody: deny by usr_bob → done [20.0 – 30.0 ms]',
        'somebody: read → denied by timeout [40000.0 – 40001.0 ms]',
      ],
    ],
    [
      'an acknowledged submission that is lost',
      [held, call(20, 30, READ, { kind: 'not_found' })],
      ['somebody: submit → pending [0.0 – 10.0 ms]', 'somebody: read → not found [20.0 – 30.0 ms]'],
    ],
    [
      'a timeout before the deadline',
      [held, call(100, 110, READ, LAPSED), unanswered(30_000, LAPSE)],
      ['somebody: read → denied by timeout [100.0 – 110.0 ms]'],
    ],
    [
      'a rule that allows what no rule covers',
      [call(0, 10, SUBMIT, BY_RULE)],
      ['somebody: submit → allowed by rule, with the receipt [0.0 – 10.0 ms]'],
    ],
    [
      'another winner than the one who won',
      [held, approved, unanswered(21, vote('approve', BOB)), call(40, 50, READ, by('allowed', BOB))],
      [
        'somebody: approve by usr_alice → done [20.0 – 30.0 ms]',
        'somebody: read → allowed by reviewer usr_bob [40.0 – 50.0 ms]',
      ],
    ],
    [
      'a refusal as closed of what was never closed',
      [held, call(20, 30, vote('approve', ALICE), CLOSED), call(40, 50, READ, PENDING)],
      ['somebody: approve by usr_alice → already closed [20.0 – 30.0 ms]'],
    ],
  ])('%s', (_, calls, expected) => {
    expect(contradiction(...calls)).toEqual(expected);
  });
});

describe('a real execution, whose calls overlap as they like', () => {
  const random = new Random(20_261_128);

  it('is always explained', () => {
    for (let round = 0; round < 3_000; round += 1) {
      const calls = executeAtRandom(random, 3 + random.below(20));
      expect(contradiction(...calls)).toEqual([]);
    }
  });

  it('is mostly not explained any more when one answer is another', () => {
    let caught = 0;
    const rounds = 2_000;
    for (let round = 0; round < rounds; round += 1) {
      const flipped = flipOneAnswer(random, executeAtRandom(random, 8 + random.below(8)));
      if (!judge(...flipped).ok) caught += 1;
    }
    // The others are lies that nobody could tell: of two who overlap, the other one may have been first.
    expect(caught / rounds).toBeGreaterThan(0.75);
  });

  it('of 2 000 requests with a dozen calls each is judged in seconds, right or wrong', () => {
    const began = performance.now();
    for (let round = 0; round < 2_000; round += 1) {
      const calls = executeAtRandom(random, 12);
      judge(...(round % 2 === 0 ? calls : flipOneAnswer(random, calls)));
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('is judged in little time where most answers are missing', () => {
    const verbs = ['approve', 'deny'] as const;
    const votes = Array.from({ length: 60 }, (_, index) =>
      unanswered(20 + index, vote(random.pick(verbs), `usr_${index % 5}`)),
    );
    const began = performance.now();
    const calls = [unanswered(0, SUBMIT), unanswered(1, CANCEL), unanswered(2, LAPSE), ...votes];
    expect(judge(...calls, call(500, 510, READ, by('allowed', 'usr_nobody'))).ok).toBe(false);
    expect(judge(...calls, call(500, 510, READ, CANCELLED)).ok).toBe(true);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
