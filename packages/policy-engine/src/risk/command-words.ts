/** A command's literal words, sorted; words that are not literal are left out. */
export interface CommandWords {
  program: string;
  /** Words that are neither options nor the values of options that stand apart (`-n prod`), as far as those are known. */
  operands: readonly string[];
  options: readonly string[];
  all: readonly string[];
}

/** Options that take the next word and may stand before a subcommand; without these, that word would pass for the subcommand. */
const VALUED_OPTIONS: Readonly<Record<string, string>> = {
  git: '-C -c --git-dir --work-tree --namespace --exec-path --config-env',
  docker: '-c --context --config -H --host -l --log-level --tlscacert --tlscert --tlskey',
  podman: '-c --connection --url --root --runroot --log-level --storage-driver',
  kubectl:
    '-n --namespace --context --cluster --user --kubeconfig -s --server --token --as --as-group --request-timeout --cache-dir',
  systemctl: '-H --host -M --machine -t --type -p --property -n --lines -o --output -s --signal --root --image',
  helm: '-n --namespace --kube-context --kubeconfig',
  aws: '--profile --region --output --endpoint-url --query --ca-bundle',
  gcloud: '--project --zone --region --format --filter --account --configuration',
  az: '--subscription -g --resource-group -n --name -o --output --query',
  gh: '-R --repo',
  flyctl: '-a --app',
};

const ALIASES: Readonly<Record<string, string>> = { oc: 'kubectl', nerdctl: 'podman', 'docker-compose': 'docker' };

const valuedOptions: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(VALUED_OPTIONS).map(([program, options]) => [program, new Set(options.split(' '))]),
);
const NO_OPTIONS: ReadonlySet<string> = new Set();

/** @param words literal, the program first */
export function commandWords(program: string, words: readonly string[]): CommandWords {
  const valued = valuedOptions.get(ALIASES[program] ?? program) ?? NO_OPTIONS;
  const operands: string[] = [];
  const options: string[] = [];
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      operands.push(word);
      continue;
    }
    options.push(word);
    if (valued.has(word)) at++;
  }
  return { program, operands, options, all: words };
}
