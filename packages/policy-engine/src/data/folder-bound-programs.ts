/**
 * Programs whose text says little about what they run: they look for it in the working directory. An allow rule for them
 * holds in one folder only, as it does for `./run`. Sources: each program's manual on the files that it reads by itself.
 */

/** These read a file of the working directory that names code: Makefile, package.json, go.mod, ansible.cfg, *.tf, … */
const PROJECT_TOOLS = `make gmake bmake nmake cmake ctest cpack ninja samu meson scons waf xmake bazel bazelisk buck buck2 pants b2
  gradle gradlew mvn mvnw mvnd ant sbt lein boot mill kotlinc rake bundle bundler rails rackup puma unicorn thin jekyll
  npm npx pnpm pnpx yarn yarnpkg bun bunx deno corepack lerna nx turbo rush gulp grunt webpack rollup vite vitest jest
  mocha ava tap karma cypress playwright eslint prettier stylelint tsc tsx ts-node nodemon concurrently npm-run-all
  next nuxt astro ng wrangler vercel netlify serverless sls cdk sam
  uv uvx poetry pdm pipenv tox nox hatch rye pytest nosetests nose2 coverage mypy pylint flake8 pre-commit invoke inv
  fab doit scrapy celery gunicorn uvicorn hypercorn daphne waitress-serve flask django-admin streamlit alembic dbt
  snakemake nextflow sphinx-build mkdocs
  cargo go gofmt dotnet msbuild nuget composer phpunit phpstan psalm artisan cabal stack runghc mix rebar3 dune shards
  nimble dub zig swift flutter dart xcodebuild fastlane pod wasm-pack
  just task mage air reflex watchexec direnv mise foreman honcho latexmk
  docker-compose podman-compose vagrant skaffold tilt helmfile terraform tofu terragrunt pulumi packer
  ansible ansible-playbook ansible-console ansible-galaxy ansible-pull ansible-inventory cap kitchen molecule
  nix nix-shell nix-build nixos-rebuild rspec cucumber behave wp drush lektor`;

/** These run the file that their first word names, or look in the working directory for what they load. */
const INTERPRETERS = `sh ash bash dash rbash zsh ksh mksh csh tcsh fish elvish nu pwsh powershell source .
  python pypy ipython perl ruby jruby irb node nodejs php lua luajit tclsh wish expect Rscript R julia octave guile
  racket sbcl clisp ghci runhaskell ocaml scala groovy jshell java kotlin elixir iex erl escript swipl osascript
  cscript wscript dotnet-script crystal`;

const SUBCOMMANDS: readonly (readonly [string, string])[] = [
  ['docker', 'compose build buildx builder stack bake'],
  ['podman', 'compose build kube play farm'],
  ['nerdctl', 'compose build'],
  ['buildah', 'build bud'],
  ['pip', 'install wheel download'],
  ['flyctl', 'deploy launch'],
  ['fly', 'deploy launch'],
];

const names = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Base names without versions. */
export const PROJECT_PROGRAMS: ReadonlySet<string> = names(PROJECT_TOOLS);

/** Base names without versions; bound to the folder unless their first word is an absolute path. */
export const FOLDER_INTERPRETERS: ReadonlySet<string> = names(INTERPRETERS);

/** Programs of which some subcommands read a file of the working directory that names what is run. */
export const PROJECT_SUBCOMMANDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  SUBCOMMANDS.map(([program, list]) => [program, names(list)]),
);

/**
 * Wrappers that run a command in the folder that they were started in, whatever their options; any other wrapper may
 * change the folder, or what its path means.
 */
export const FOLDER_KEEPING_WRAPPERS: ReadonlySet<string> = names(
  `nice nohup timeout gtimeout stdbuf setsid ionice chrt taskset numactl time gtime command builtin exec nocorrect noglob
   strace ltrace setarch linux32 linux64 fakeroot catchsegv eatmydata nocache unbuffer rlwrap torsocks torify
   proxychains proxychains4 tsocks caffeinate dbus-run-session xvfb-run cpulimit prlimit choom schedtool watch entr
   doas gosu su-exec xargs gxargs script sg flock eval sh bash dash ash rbash zsh ksh fish`,
);
