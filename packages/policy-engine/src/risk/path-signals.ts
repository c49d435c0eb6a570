import type { RiskSignal } from './signal.js';

interface PathRisk {
  pattern: RegExp;
  read: RiskSignal;
  written: RiskSignal;
}

const CREDENTIALS =
  /(^|\/)(\.ssh(\/|$)|id_(rsa|dsa|ecdsa|ed25519)\b|authorized_keys|\.aws(\/|$)|\.azure(\/|$)|\.config\/gcloud|\.kube(\/|$)|\.docker\/config|\.netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.git-credentials|\.gnupg(\/|$)|\.env(\.[\w-]+)?$|credentials(\.json)?$|secrets?(\.\w+)?$|\.vault-token|.*\.(pem|key|pfx|p12|jks|kdbx)$)|^\/etc\/(shadow|gshadow|sudoers|krb5\.keytab|ssl\/private)|^\/proc\/\S+\/environ|^\/root(\/|$)/;
const PERSISTENCE =
  /(^|\/)\.(bashrc|bash_profile|bash_login|profile|zshrc|zprofile|zshenv|config\/(fish|autostart|systemd))\b|^\/etc\/(cron|systemd|init|rc\.|profile|bash\.bashrc|environment|ld\.so|pam\.d|ssh\/|sudoers|xdg\/autostart)|^\/(usr\/)?lib\/systemd|^\/var\/spool\/cron|authorized_keys|\.git\/hooks/;
const SYSTEM = /^\/(etc|usr|bin|sbin|lib\w*|boot|opt|sys|proc)(\/|$)/;
const DEVICE = /^\/dev\/(sd|hd|vd|xvd|nvme|mmcblk|dm-|md|mapper\/|mem|kmem|port|disk)/;

const PATH_RISKS: readonly PathRisk[] = [
  {
    pattern: DEVICE,
    read: { weight: 55, reason: 'It reads a device directly.' },
    written: { weight: 95, reason: 'It writes to a device directly.', reversible: 'no' },
  },
  {
    pattern: PERSISTENCE,
    read: { weight: 20, reason: 'It reads start-up or login files.' },
    written: { weight: 70, reason: 'It writes where things start by themselves.', reversible: 'partly' },
  },
  {
    pattern: CREDENTIALS,
    read: { weight: 60, reason: 'It names a place where credentials are kept.' },
    written: { weight: 70, reason: 'It writes where credentials are kept.', reversible: 'partly' },
  },
  {
    pattern: SYSTEM,
    read: { weight: 0, reason: '' },
    written: { weight: 60, reason: 'It writes to a system folder.', reversible: 'partly' },
  },
];

/** The weightiest risk of a path that is read (or only named) or written; null when there is none. */
export function pathSignal(path: string, use: 'read' | 'written'): RiskSignal | null {
  let worst: RiskSignal | null = null;
  for (const risk of PATH_RISKS) {
    const signal = risk[use];
    if (signal.weight > (worst?.weight ?? 0) && risk.pattern.test(path)) worst = signal;
  }
  return worst;
}
