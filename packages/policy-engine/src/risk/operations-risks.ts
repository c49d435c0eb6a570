import { changes, firstIs, gone, hasWord, type ProgramRisk, secondIs, shows, starts } from './program-risk.js';

const ENGINES = 'docker podman nerdctl';
const CLUSTER = 'kubectl oc';
const INFRASTRUCTURE = 'terraform tofu terragrunt pulumi';
const CLOUDS = 'aws gcloud az';

/** Containers, clusters, services and clouds: from each tool's own reference. */
export const OPERATIONS_RISKS: readonly ProgramRisk[] = [
  {
    programs: CLUSTER,
    when: (words) => firstIs(words, /^(delete|drain|replace)$/),
    signal: gone(70, 'It deletes or evicts cluster objects.'),
  },
  {
    programs: CLUSTER,
    when: (words) =>
      firstIs(words, /^(certificate)$/) ||
      starts(words, 'auth', 'reconcile') ||
      (starts(words, 'create') && secondIs(words, /^(cluster)?role(binding)?$|^token$|^serviceaccount$|^sa$/)),
    signal: changes(65, 'It changes who may do what in the cluster.'),
  },
  {
    programs: CLUSTER,
    when: (words) => firstIs(words, /^(get|describe)$/) && hasWord(words, /^secrets?([/,.]|$)|,secrets?([/,.]|$)/i),
    signal: shows(55, 'It shows secrets.'),
  },
  {
    programs: CLUSTER,
    when: (words) =>
      firstIs(words, /^(apply|create|patch|edit|scale|set|label|annotate|(un)?cordon|taint|run|expose|autoscale)$/) ||
      (starts(words, 'rollout') && !secondIs(words, /^(status|history)$/)),
    signal: changes(45, 'It changes the cluster.'),
  },
  {
    programs: CLUSTER,
    when: (words) => starts(words, 'config') && secondIs(words, /^(use|set|unset|delete|rename)/),
    signal: changes(45, 'It changes which cluster later commands reach, and as whom.'),
  },
  {
    programs: CLUSTER,
    when: (words) => firstIs(words, /^(exec|cp|attach|port-forward|proxy|debug)$/),
    signal: changes(55, 'It reaches into a running container.'),
  },
  {
    programs: 'helm',
    when: (words) => firstIs(words, /^(uninstall|delete|rollback|del|un)$/),
    signal: gone(65, 'It removes or rolls back a release.'),
  },
  {
    programs: 'helm',
    when: (words) => firstIs(words, /^(install|upgrade)$/),
    signal: changes(45, 'It changes a release.'),
  },
  {
    programs: INFRASTRUCTURE,
    when: (words) => firstIs(words, /^(destroy|down)$/) || hasWord(words, /^--?destroy$/),
    signal: gone(90, 'It destroys infrastructure.'),
  },
  {
    programs: INFRASTRUCTURE,
    when: (words) => firstIs(words, /^(apply|up|import|state|taint)$/),
    signal: changes(60, 'It changes infrastructure.'),
  },
  {
    programs: ENGINES,
    when: (words) =>
      firstIs(words, /^(rm|rmi|kill|prune)$/) ||
      (firstIs(
        words,
        /^(container|image|volume|network|system|builder|buildx|compose|service|stack|secret|config|node|context|pod|machine)$/,
      ) &&
        words.operands.slice(1, 3).some((word) => /^(prune|rm|remove|kill|down|delete)$/.test(word))),
    signal: gone(55, 'It removes containers, images or volumes.'),
  },
  {
    programs: 'docker-compose podman-compose',
    when: (words) => hasWord(words, /^(rm|kill|down)$/),
    signal: gone(55, 'It removes containers, images or volumes.'),
  },
  {
    programs: ENGINES,
    when: (words) =>
      starts(words, 'swarm', 'leave') || starts(words, 'trust', 'revoke') || starts(words, 'plugin', 'rm'),
    signal: gone(55, 'It gives up a part of the set-up that others rely on.'),
  },
  {
    programs: ENGINES,
    when: (words) => starts(words, 'plugin') && !secondIs(words, /^(ls|inspect)$/),
    signal: changes(55, 'It changes the plugins of the container engine.'),
  },
  {
    programs: ENGINES,
    when: (words) =>
      hasWord(words, /^(run|exec|create)$/) &&
      hasWord(
        words,
        /^(--privileged|--pid=host|--net(work)?=host|\/:.*|--volume=\/:.*|-v\/:.*|\/var\/run\/docker\.sock.*)$/,
      ),
    signal: changes(80, 'It gives a container the run of the host.'),
  },
  {
    programs: ENGINES,
    when: (words) =>
      firstIs(words, /^(run|exec)$/) || (firstIs(words, /^(container|compose)$/) && secondIs(words, /^(run|exec)$/)),
    signal: changes(45, 'It runs a program in a container.'),
  },
  {
    programs: ENGINES,
    when: (words) =>
      firstIs(
        words,
        /^(stop|restart|start|pause|unpause|build|pull|push|tag|load|import|cp|commit|rename|update|save|export|create|manifest|swarm|service|stack|node)$/,
      ) ||
      (starts(words, 'compose') && !secondIs(words, /^(ps|logs|ls|top|images|port|version)$/)),
    signal: changes(35, 'It changes containers or images.'),
  },
  {
    programs: ENGINES,
    when: (words) => firstIs(words, /^(login|logout)$/) || starts(words, 'context', 'use'),
    signal: changes(40, 'It changes which server later commands reach, and as whom.'),
  },
  {
    programs: CLOUDS,
    when: (words) => hasWord(words, /^(delete.*|terminate.*|remove.*|rb|rm|purge)$/),
    signal: gone(75, 'It deletes cloud resources.'),
  },
  {
    programs: 'aws',
    when: (words) => starts(words, 'iam') && !secondIs(words, /^(list|get|generate|simulate)-/),
    signal: changes(65, 'It changes who may do what in the cloud.'),
  },
  {
    programs: CLOUDS,
    when: (words) =>
      hasWord(words, /(secret|password|access-token|session-token|identity-token|decrypt|get-credentials|credential)/i),
    signal: shows(55, 'It works with stored secrets.'),
  },
  {
    programs: 'systemctl service',
    when: (words) =>
      firstIs(words, /^(stop|disable|mask|kill|isolate|clean)$/) ||
      (words.program === 'service' && secondIs(words, /^stop$/)),
    signal: changes(55, 'It stops a service.'),
  },
  {
    programs: 'systemctl',
    when: (words) =>
      firstIs(
        words,
        /^(enable|reenable|link|edit|unmask|preset|preset-all|revert|add-wants|add-requires|set-default|set-property|(set|unset|import)-environment|bind|mount-image)$/,
      ),
    signal: changes(55, 'It changes what starts with the machine.'),
  },
  {
    programs: 'systemctl',
    when: (words) =>
      firstIs(
        words,
        /^(reboot|poweroff|halt|kexec|soft-reboot|suspend.*|hibernate|hybrid-sleep|rescue|emergency|default|exit|switch-root)$/,
      ),
    signal: changes(75, 'It stops or restarts the machine.'),
  },
  {
    programs: 'systemctl',
    when: (words) => firstIs(words, /^daemon-re(load|exec)$/),
    signal: changes(35, 'It reads the settings of all services again.'),
  },
  {
    programs: 'systemctl service',
    when: (words) =>
      firstIs(words, /^(restart|reload|start|try-restart|reload-or-restart|try-reload-or-restart)$/) ||
      (words.program === 'service' && secondIs(words, /^(restart|reload|start)/)),
    signal: changes(40, 'It restarts a service.'),
  },
  {
    programs: 'journalctl',
    when: (words) => hasWord(words, /^--vac/),
    signal: gone(55, 'It deletes logs.'),
  },
  {
    programs: 'ansible ansible-playbook ansible-console salt salt-ssh pssh pdsh clush fab',
    signal: changes(60, 'It acts on many machines.'),
  },
];
