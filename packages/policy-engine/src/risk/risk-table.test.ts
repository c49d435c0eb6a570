import { analyze } from '@expacti/shell';
import { describe, expect, it } from '@jest/globals';
import { commandRequest } from '../rule-fixtures.contract-test.js';
import { assessRisk } from './assess-risk.js';
import type { Risk } from './risk.js';

const riskOf = (command: string): Risk => assessRisk(commandRequest(command), analyze(command, 'bash'));
const rows = (text: string): string[] => text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
const levels = (commands: readonly string[]): string[] =>
  commands.map((command) => `${riskOf(command).level.replace('critical', 'high')}: ${command}`);
const all = (level: string, commands: readonly string[]): string[] => commands.map((command) => `${level}: ${command}`);

const RUN_CODE = rows(`
  sed "1e id" a
  awk "BEGIN{system(1)}"
  awk -f x.awk
  rg --pre evil x
  rsync -e 'sh -c id' a b:
  rg --pre=evil x
  sort --compress-program=sh x
  git config core.hooksPath /tmp/x
  git config --global core.pager x
  git -c core.pager=evil log
  git bisect run x
  file -C -m x
  ansible all -m shell -a reboot
  ansible-playbook site.yml
  PATH=/tmp ls
  LESSOPEN='|evil' less x`);

const WRITE_SYSTEM_FILES = rows(`
  sort -o /etc/passwd a
  sort --output=/etc/passwd a
  uniq a /etc/passwd
  tree -o /etc/x
  find . -fprint /etc/x
  git diff --output=/etc/x
  git log -U --output=/etc/cron.d/x
  git archive -o /etc/x HEAD
  sed -n "w /etc/x" a
  sed -i s/a/b/ /etc/hosts
  journalctl --lines --cursor-file=/etc/cron.d/x
  tree -Lo 2 /etc/cron.d/x
  wget -O /etc/x http://a
  tee /etc/hosts`);

const DESTROY = rows(`
  find -- / -delete
  git update-ref -d HEAD
  git reflog expire --expire=now --all
  git gc --prune=now
  git filter-branch
  git worktree remove -f x
  git stash drop
  git stash clear
  docker swarm leave --force
  journalctl --vacuum-time=1s
  journalctl -n --vacuum-time=1s
  ss -K
  gh repo delete x
  flyctl apps destroy x
  heroku apps:destroy x
  vagrant destroy -f
  virsh destroy vm
  btrfs subvolume delete x
  argocd app delete x
  etcdctl del x
  consul kv delete x
  serverless remove
  pm2 delete all
  conda env remove -n x
  foo --delete-everything
  rsync -a --delete a/ b/
  vercel --prod
  netlify deploy --prod
  npm publish
  cargo publish
  make deploy`);

const REACH_FAR = rows(`
  systemctl isolate rescue.target
  systemctl set-default x
  systemctl link /tmp/x.service
  systemctl set-environment PATH=/tmp
  systemctl edit x
  systemctl --no-pager stop postgresql
  kubectl certificate approve x
  kubectl auth reconcile -f x
  kubectl create clusterrolebinding x --clusterrole=cluster-admin --user=x
  kubectl -n prod delete pod web
  docker plugin disable x
  docker trust revoke x
  docker --context prod rm web
  git -C /srv/x push --force
  nomad job stop x
  supervisorctl stop all
  setenforce 0
  ip link set eth0 down
  ip route del default
  aws iam create-access-key
  setcap cap_setuid+ep /bin/x`);

const CHANGE = rows(`
  git branch -D main
  git tag -d v1
  git tag v1
  git remote set-url origin evil
  git remote add x evil
  git apply x
  git am x
  git notes add
  git replace a b
  git hash-object -w x
  git lfs prune
  git config user.name x
  kubectl config use-context prod
  kubectl config set-credentials x
  kubectl rollout restart deploy/web
  docker login
  docker context use x
  docker commit a b
  docker rename a b
  docker update x
  docker save x
  docker swarm init
  docker manifest push x
  systemctl daemon-reload
  date -s 10:00
  hostname evil
  hostname -F x
  sort -T /srv/x y
  ls --unknown
  sort $X
  FOO=bar ls
  sudo ls
  printenv AWS_SECRET
  man -P evil ls
  terraform plan -out=x
  aws s3 ls --endpoint-url http://evil
  awk '{print > "x"}' a
  less '+!id' x
  docker exec web ls`);

const LOOK = rows(`
  ls -la
  ls *.txt
  ls -o /etc
  echo $HOME
  cat README.md
  crontab -l
  gh pr list
  gh pr list --state open
  terraform plan
  helm list
  gcloud compute instances list
  aws s3 ls
  aws ec2 describe-instances --region eu-west-1
  sed -n 1,20p a
  sed 's/a/b/g' a
  awk '{print $1}' a
  base64 -d x
  docker logs rm
  docker ps
  git log --oneline
  kubectl get pods -n prod
  kubectl rollout status deploy/web
  ip addr show
  LC_ALL=C sort x
  time ls
  test -f x
  printf %s x
  grep delete x`);

describe('the level of risk', () => {
  it.each([
    ['high', 'code that runs', RUN_CODE],
    ['high', 'system files that are written', WRITE_SYSTEM_FILES],
    ['high', 'what is destroyed or published', DESTROY],
    ['high', 'services, rights and networks', REACH_FAR],
    ['medium', 'what changes a little or is not known', CHANGE],
    ['low', 'what only looks', LOOK],
  ])('is %s for %s', (level, _what, commands) => {
    expect(levels(commands)).toEqual(all(level, commands));
  });

  it('says that what is destroyed or published does not come back', () => {
    expect(DESTROY.filter((command) => riskOf(command).reversible !== 'no')).toEqual([]);
  });

  it('says that it only looks of nothing else', () => {
    const others = [...RUN_CODE, ...WRITE_SYSTEM_FILES, ...DESTROY, ...REACH_FAR, ...CHANGE];
    expect(others.filter((command) => riskOf(command).reasons.some((reason) => /only looks/.test(reason)))).toEqual([]);
  });

  it('is that of the command inside a container', () => {
    expect(riskOf('docker exec web rm -rf /data').reasons[0]).toBe(riskOf('rm -rf /data').reasons[0]);
    expect(riskOf('docker compose exec -T db sh -c "rm -rf /data"').reasons[0]).toBe(riskOf('rm -rf /data').reasons[0]);
    expect(riskOf('kubectl exec -it web -n prod -- rm x').reasons).toContain('It deletes files.');
    expect(riskOf('docker run --rm -e A=b alpine reboot').reasons).toContain('It stops or restarts the machine.');
  });

  it('gets through lines that are long and odd', () => {
    const odd = [
      `sed '${' '.repeat(7_000)}x'`,
      `sed -i ${'a '.repeat(3_500)}`,
      'docker exec a '.repeat(500),
      `sed '${'$'.repeat(7_000)}'`,
    ];
    for (const line of odd) expect(riskOf(line).level).not.toBe('low');
  });

  it('looks a program up by its full name first', () => {
    expect(riskOf('foo2 bar').reasons).toContain('Nothing is known about foo2.');
    expect(riskOf('python3.11 x.py').reasons).toContain('It runs a script or an interpreter.');
  });
});
