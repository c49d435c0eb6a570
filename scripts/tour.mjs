// A short tour in the terminal: a demo agent asks for real commands, the tour's reviewer decides, approved ones run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ExpactiClient, ExpactiDenied, ExpactiReviewer } from '../sdks/typescript/dist/index.js';

const url = process.env.EXPACTI_URL ?? 'http://127.0.0.1:3001';
const folder = fileURLToPath(new URL('../.eval/playground', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const name of ['web', 'worker', 'database']) {
  writeFileSync(
    `${folder}/${name}.log`,
    Array.from({ length: 40 }, (_, line) => `${name}: line ${line + 1}\n`).join(''),
  );
}

const isTerminal = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
const say = (text) => console.log(text);
const step = (number, text) => say(`\n${paint(1, `${number}. ${text}`)}`);
const shown = (command) => paint(36, command);
const output = (text) =>
  say(
    text
      .trimEnd()
      .split('\n')
      .map((line) => `     | ${line}`)
      .join('\n'),
  );

const agent = new ExpactiClient({ url, token: 'demo-shell-token', session: { name: 'tour' } });
const reviewer = new ExpactiReviewer({ url, token: 'demo-reviewer-token' });

/** Asks for a command; the reviewer looks at what waits and decides it by `decide`. */
async function ask(command, reason, decide) {
  say(`   agent     ${shown(command)}   (${reason})`);
  let reviewed = Promise.resolve();
  const onPending = ({ approvalId }) => {
    reviewed = reviewer.approval(approvalId).then((approval) => {
      say(
        `   expacti   held; risk ${approval.risk.level}${approval.risk.reasons[0] ? `: ${approval.risk.reasons[0]}` : ''}`,
      );
      return decide(approval);
    });
  };
  const started = performance.now();
  try {
    const { stdout, approved } = await agent.run(command, {
      cwd: folder,
      reason,
      onPending,
      onApproved: () => undefined,
    });
    await reviewed;
    return { stdout, approved, milliseconds: performance.now() - started };
  } catch (error) {
    await reviewed;
    if (!(error instanceof ExpactiDenied)) throw error;
    say(`   agent     told: denied, "${error.reason}". Nothing ran.`);
    return null;
  }
}

say(paint(1, '\nexpacti: nothing runs that nobody approved\n'));

step(1, 'A command is held; a person approves it; exactly those bytes run');
const first = await ask('ls -1', 'what is here?', (approval) => {
  say('   reviewer  approves');
  return reviewer.approve(approval, { reason: 'harmless' });
});
output(first.stdout);

step(2, 'A person denies, and the agent learns why');
await ask('rm -rf ./database.log', 'free some space', (approval) => {
  say('   reviewer  denies');
  return reviewer.deny(approval, { reason: 'that log is evidence' });
});

step(3, 'A person edits; the edited text is what the receipt binds and what runs');
const edited = await ask('cat web.log', 'look at the log', (approval) => {
  const shorter = 'tail -n 3 web.log';
  say(`   reviewer  edits to ${shown(shorter)} and approves`);
  return reviewer.approve(approval, { editedCommand: shorter });
});
output(edited.stdout);

step(4, 'A person approves and remembers: a glob rule for the next time');
const pattern = 'head -n 2 *';
const taught = await ask('head -n 2 worker.log', 'first lines', (approval) => {
  say(`   reviewer  approves and remembers ${shown(pattern)}`);
  return reviewer.approve(approval, {
    remember: { pattern_type: 'glob', pattern, scope: { type: 'global' }, ttl_seconds: 86_400 },
  });
});
output(taught.stdout);
await until(
  async () => (await reviewer.rules.evaluate({ command: 'head -n 2 database.log', cwd: folder })).verdict === 'allow',
);

step(5, 'The like of it now runs at once, by the rule');
const decidedIn = [];
for (let repeat = 0; repeat < 20; repeat += 1) {
  const began = performance.now();
  await agent.submit('head -n 2 database.log', { cwd: folder });
  decidedIn.push(performance.now() - began);
}
const repeated = await ask('head -n 2 database.log', 'first lines again', () => undefined);
output(repeated.stdout);
const median = decidedIn.sort((a, b) => a - b)[10];
say(
  `   expacti   allowed by rule ${repeated.approved.ruleId ?? ''}; decided in ${median.toFixed(2)} ms (median of 20, over the wire, recorded on disk)`,
);

step(6, 'The rule covers words, never a second command');
const sly = 'head -n 2 web.log; rm -rf /';
const judged = await reviewer.rules.evaluate({ command: sly, cwd: folder });
say(
  `   agent     would ask ${shown(sly)}\n   expacti   would ${judged.verdict === 'review' ? 'hold it for a person' : judged.verdict}`,
);

// The tour leaves no rule behind, so that it tells the same story the next time.
for (const rule of (await reviewer.rules.list({ q: pattern })).data)
  if (rule.pattern === pattern) await reviewer.rules.delete(rule.id);
await agent.close();

async function until(holds) {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('the rule did not come into force');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
