/**
 * Programs that take code, or the name or path of something to run, among their operands or from a file that an operand
 * names. A wildcard of an allow rule never covers a word of theirs, unless a table of harmless options lists it.
 * Sources: GTFOBins (entries "shell", "command", "library load"), POSIX XCU, and each program's manual page.
 */
const SHELLS =
  'sh ash bash dash rbash zsh ksh mksh csh tcsh fish elvish nu pwsh powershell busybox toybox eval source .';

const INTERPRETERS = `python pypy ipython perl ruby irb node nodejs deno bun tsx ts-node php lua luajit tclsh wish expect
  Rscript R julia octave guile racket sbcl clisp ecl gforth ghci runghc ocaml scala groovy jshell java jrunscript jjs
  kotlin elixir iex erl escript swipl gnuplot bc dc m4 osascript cscript wscript dotnet-script`;

const TEXT_LANGUAGES = `awk gawk mawk nawk original-awk sed gsed ed red ex rg ack ag vi vim view rvim nvim emacs nano pico micro joe less more most pg man info lesspipe vimdiff gvim evim
  nvi jed mcedit hx helix zless zmore bzless xzless sensible-pager sensible-editor pager editor sqlite duckdb tex latex pdftex
  pdflatex xetex xelatex luatex lualatex context`;

const RUNNERS = `env sudo doas su runuser pkexec gosu su-exec setpriv capsh nice renice ionice chrt taskset nohup setsid timeout
  stdbuf unbuffer script scriptreplay watch time xargs parallel find fd fdfind entr exec command builtin nsenter unshare
  chroot fakeroot faketime proot bwrap firejail flock ltrace strace gdb lldb perf valgrind rr systemd-run systemd-inhibit
  dbus-run-session dbus-launch at batch crontab cron anacron screen tmux byobu start-stop-daemon daemonize run-parts
  run-one sg newgrp cgexec numactl prlimit choom ld.so ld-linux.so ld-linux-x86-64.so ld-linux-aarch64.so catchsegv
  xvfb-run wine qemu qemu-x86_64 torsocks torify proxychains tsocks stap bpftrace bpftool dstat multitime hyperfine
  logsave zsoelim pexec dtach abduco reptyr detach systemd-cat systemd-nspawn openvt tini dumb-init catatonit
  uclampset setarch linux32 linux64 i386 x86_64 uname26 aa-exec softlimit setuidgid envuidgid envdir pgrphack setlock multilog
  execlineb sudo-rs sudoedit rlwrap eatmydata nocache caffeinate cpulimit schedtool direnv dotenv dotenvx op doppler chamber
  aws-vault infisical envconsul consul-template envchain watchexec reflex air mpirun mpiexec srun sbatch salloc qsub xdotool
  gtk-launch dex run-mailcap see`;

const REMOTE =
  'ssh autossh mosh rsh rlogin telnet sshpass scp sftp rsync rclone ftp lftp nc ncat netcat socat openssl pssh pdsh clush ansible ansible-playbook ansible-console salt salt-call fab cap puppet chef-client';

const BUILD = `make gmake bmake cmake ctest ninja meson scons bazel buck gradle gradlew mvn mvnw ant sbt lein mill rake bundle
  bundler gem npm npx pnpm pnpx yarn bunx corepack pip pipx uv poetry pdm conda tox nox cargo rustc rustup go gcc cc g++
  c++ clang ld as cpp dotnet msbuild composer cabal stack mix rebar3 opam just task tsc jest mocha pytest rspec phpunit
  cpan cpanm luarocks ccache distcc sccache icecc bear scan-build mise asdf rbenv pyenv nvm volta fnm
  pipenv hatch rye pixi nodemon concurrently npm-run-all lerna nx turbo gulp grunt vite vite-node vitest ava cypress playwright
  babel-node webpack rollup eslint prettier foreman honcho invoke doit pre-commit coverage kcov pyinstaller pylint mypy nose2
  nosetests trial nix nix-shell nix-env guix snap flatpak brew apt apt-get aptitude dpkg rpm dnf yum zypper pacman
  apk emerge port easy_install setup.py`;

const OPERATIONS = `docker podman nerdctl buildah skopeo crictl ctr runc lxc lxc-attach lxc-execute machinectl docker-compose
  podman-compose vagrant kubectl oc helm k9s minikube kind terraform tofu terragrunt pulumi packer nomad consul vault
  systemctl service initctl sv update-rc.d supervisorctl pm2 git hg svn bzr cvs p4 gh glab gcloud az doctl flyctl
  heroku mysql mariadb psql sqlite3 mongo mongosh redis-cli cqlsh sqlcmd sqlplus influx clickhouse clickhouse-client
  mount umount losetup insmod modprobe kexec iptables ip tc nmap tcpdump wireshark tshark logrotate
  dpkg-reconfigure update-alternatives visudo vipw vigr crash dmsetup exim sendmail mail mailx mutt postfix xdg-open open`;

const SERVERS = `torchrun accelerate gunicorn uvicorn hypercorn waitress-serve daphne celery flask django-admin streamlit
  jupyter marimo fastapi puma rackup unicorn thin rails wp drush`;

const CLOUD = 'aws eb sam cdk sls serverless skaffold tilt helmfile argocd flux';

const ARCHIVES = 'tar gtar bsdtar star cpio pax';

/** Base names, without versions. */
export const CODE_TAKING_PROGRAMS: ReadonlySet<string> = new Set(
  [SHELLS, INTERPRETERS, TEXT_LANGUAGES, RUNNERS, REMOTE, BUILD, OPERATIONS, SERVERS, CLOUD, ARCHIVES]
    .join(' ')
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Families: compilers and tools for another machine (`aarch64-linux-gnu-gcc`), and tools that run what they are given. */
export const CODE_TAKING_NAMES =
  /-(?:gcc|g\+\+|cc|c\+\+|cpp|clang|clang\+\+|gfortran|ld|as|objcopy|gdb)$|^(?:s6|qemu|ansible|ld-linux)-/;
