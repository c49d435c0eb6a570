import type { CommandWords } from './command-words.js';
import { changes, gone } from './program-risk.js';
import type { RiskSignal } from './signal.js';

/** Programs whose own subcommands are known, or whose operands are files and patterns: their words are no verbs. */
const WITHOUT_VERBS = new Set(
  `git docker podman nerdctl kubectl oc systemctl helm rm mv cp ln mkdir rmdir touch chmod chown chgrp install tee dd tar zip unzip
   sed awk find rg ag vi vim nano emacs less more man cd source . eval ssh scp sftp curl wget sudo doas env xargs timeout nice nohup
   useradd usermod userdel kill pkill killall make`.split(/\s+/),
);
const PUBLISHES_TOO = new Set(['make']);

const VERB =
  /^(?:[\w-]+[:.])?(?:delete|destroy|remove|purge|drop|terminate|uninstall|wipe|erase|rm|del)(?:-[a-z-]+)?$/i;
const STOPS = /^(?:[\w-]+:)?(?:stop|kill|shutdown|halt)(?:-[a-z-]+|all)?$/i;
const DESTROYING_OPTION = /^--(?:delete|destroy|purge|drop|wipe|erase|uninstall|prune)/;
const PUBLISHES = /^(?:[\w-]+:)?(?:publish|deploy|unpublish|yank)$/i;
const CODE_OPTION =
  /^--(?:pre|hostname-bin|compress-p[a-z-]*|use-compress-program|checkpoint-action|to-command|rsh|upload-pack|receive-pack|exec|exec-path|ext-diff|open-files-in-pager|pager|info-script|new-volume-script|use-askpass)(?:=|$)/;

/** How many operands may hold the verb: `gh repo delete x`, `aws iam user delete`. */
const EARLY = 3;

/** What the words of any program give away: verbs that destroy, stop or publish, and options that run code. */
export function verbSignals({ program, operands, options }: CommandWords): RiskSignal[] {
  const signals: RiskSignal[] = [];
  if (options.some((option) => CODE_OPTION.test(option)))
    signals.push(changes(55, 'An option makes it run another program.'));
  const early = operands.slice(0, EARLY);
  const hasVerbs = !WITHOUT_VERBS.has(program);
  if (hasVerbs && early.some((word) => VERB.test(word)))
    signals.push(gone(55, 'Its words say that it deletes or destroys.'));
  else if (hasVerbs && options.some((option) => DESTROYING_OPTION.test(option)))
    signals.push(gone(50, 'Its words say that it deletes or destroys.'));
  if (hasVerbs && program !== 'service' && early.some((word) => STOPS.test(word)))
    signals.push(changes(55, 'Its words say that it stops something.'));
  if (
    (hasVerbs || PUBLISHES_TOO.has(program)) &&
    (early.some((word) => PUBLISHES.test(word)) || options.some((option) => /^--prod(uction)?$/.test(option)))
  )
    signals.push(gone(50, 'It publishes or deploys.'));
  if (program === 'gh' && operands[0] === 'release' && operands[1] === 'create')
    signals.push(gone(50, 'It publishes or deploys.'));
  return signals;
}
