/**
 * git settings whose value is a command that git hands to a shell; given by `git -c key=value`. Keys are lower case;
 * `*` stands for a middle part. Source: git-config(1) of git 2.51.
 */
const SETTINGS = `
  core.pager core.editor core.sshcommand core.fsmonitor core.askpass core.gitproxy core.alternaterefscommand core.hookspath
  sequence.editor gpg.program gpg.*.program gpg.ssh.defaultkeycommand diff.external diff.*.command diff.*.textconv
  difftool.*.cmd difftool.*.path mergetool.*.cmd mergetool.*.path merge.*.driver filter.*.clean filter.*.smudge filter.*.process
  credential.helper credential.*.helper interactive.difffilter pager.* browser.*.cmd browser.*.path web.browser man.*.cmd man.*.path
  remote.*.uploadpack remote.*.receivepack remote.*.vcs uploadpack.packobjectshook sendemail.smtpserver sendemail.sendmailcmd
  sendemail.tocmd sendemail.cccmd sendemail.headercmd trailer.*.command trailer.*.cmd instaweb.httpd tar.*.command
  receive.procreceiverefs init.templatedir protocol.ext.allow include.path includeif.*.path
`;

const patterns = SETTINGS.split(/\s+/)
  .filter((key) => key !== '')
  .map((key) => new RegExp(`^${key.replaceAll('.', '\\.').replace('*', '.*')}$`));

/** Whether the value of this git setting is run as a command or makes git load one. Letter case is ignored. */
export function isCommandSetting(key: string): boolean {
  const lower = key.toLowerCase();
  return patterns.some((pattern) => pattern.test(lower));
}
