import { PROGRAM_OPTIONS } from '../data/program-options.js';
import { type OptionTable, type OptionTables, optionTables } from '../guard/option-table.js';

type Programs = Parameters<typeof optionTables>[0];

const list = (valued: string, flags = ''): { valued: string; flags: string } => ({ valued, flags });
const each = (names: string, use: object): Record<string, object> =>
  Object.fromEntries(names.split(' ').map((name) => [name, use]));

/** Programs of this machine that only look with these words, though a wide rule must not cover them. */
const LOCAL: Programs = {
  test: { source: 'test(1)', anything: true },
  '[': { source: 'test(1)', anything: true },
  printf: { source: 'printf(1)', anything: true },
  cd: { source: 'bash(1)', flags: '-L -P -e' },
  exit: { source: 'bash(1)', operands: 1 },
  history: { source: 'bash(1): options delete or write', operands: 1 },
  help: { source: 'bash(1)', flags: '-d -m -s' },
  man: { source: 'man(1): -P, -H and -C choose programs', flags: '-k -f -w' },
  less: { source: 'less(1): -o writes, + runs commands', flags: '-N -R -S' },
  more: { source: 'more(1)' },
  crontab: { source: 'crontab(1)', flags: '-l', operands: 0 },
  ip: {
    source: 'ip(8): -batch runs what a file says, any other verb changes the network',
    singleDash: true,
    flags: '-4 -6 -s -d -br -brief -j -json -details -o -oneline -c -color',
    subcommands: each('a addr address l link r route n neigh rule', { subcommands: { show: {}, list: {} } }),
  },
};

const gcloud = list('--format --project --zone --region --filter --limit --sort-by', '--uri');
const az = list('-o --output --query --subscription -g --resource-group -n --name');
const readable = (use: object) => ({ subcommands: { list: use, describe: use, show: use } });

/** Programs that ask a service outside, and change nothing there with these words. Terraform reads the project's providers. */
const REMOTE: Programs = {
  gh: {
    source: 'cli.github.com/manual: --web opens a browser',
    subcommands: each('pr issue run release repo workflow label', {
      subcommands: {
        ...each(
          'list view status',
          list('-R --repo -L --limit -s --state -l --label -A --author -a --assignee -B --base -H --head --json'),
        ),
        checks: list('-R --repo'),
        diff: list('-R --repo', '--name-only'),
      },
    }),
  },
  ...(each('terraform tofu', {
    source: 'developer.hashicorp.com/terraform/cli: plan -out writes a file, and -destroy plans a destruction',
    singleDash: true,
    subcommands: { plan: { singleDash: true, flags: '-no-color -compact-warnings' }, validate: {}, version: {} },
  }) as Programs),
  helm: {
    source: 'helm.sh/docs/helm: --kubeconfig chooses another cluster, --post-renderer runs a program',
    subcommands: {
      ...each(
        'list ls status history',
        list('-n --namespace -o --output --max --filter', '-A -a --all-namespaces --all'),
      ),
      version: {},
    },
  },
  gcloud: {
    source: 'cloud.google.com/sdk/gcloud/reference',
    subcommands: {
      compute: {
        subcommands: each(
          'instances disks networks zones regions images snapshots addresses firewall-rules machine-types',
          readable(gcloud),
        ),
      },
      container: { subcommands: each('clusters node-pools images', readable(gcloud)) },
      sql: { subcommands: each('instances databases', readable(gcloud)) },
      run: { subcommands: each('services jobs revisions', readable(gcloud)) },
      storage: { subcommands: { ls: {}, ...each('buckets', readable(gcloud)) } },
      ...each('projects functions services', readable(gcloud)),
    },
  },
  az: {
    source: 'learn.microsoft.com/cli/azure/reference-index',
    subcommands: each('vm group account aks disk webapp functionapp acr', { subcommands: each('list show', az) }),
  },
};

/** `aws SERVICE describe-… | list-…`: there are too many services to name. */
export const AWS_READ = list(
  '--profile --region --output --query --filters --max-items --page-size --instance-ids --cluster --clusters',
  '--no-cli-pager --no-paginate',
);

export const LOCAL_TABLES: OptionTables = new Map<string, OptionTable>([
  ...optionTables(LOCAL),
  ...optionTables(PROGRAM_OPTIONS),
]);
export const REMOTE_TABLES: OptionTables = optionTables(REMOTE);

/**
 * Programs no option of which runs, writes or changes anything, so that a word that is not literal cannot turn them into
 * something else.
 */
export const LOOKS_WHATEVER_IT_IS_TOLD: ReadonlySet<string> = new Set(
  `echo true false : [ test printf pwd ls cat tac head tail wc cut tr nl rev fold fmt expand unexpand paste join comm grep egrep
   fgrep seq basename dirname realpath readlink stat du df id whoami groups uname md5sum sha1sum sha256sum sha512sum cd`.split(
    /\s+/,
  ),
);
