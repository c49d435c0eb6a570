import { Command, CommanderError } from 'commander';
import { type CliContext, processContext } from './context.js';
import { EXIT } from './exit-codes.js';
import { CLI_VERSION } from './version.js';

/** What a subcommand does; its module is loaded only when it is called, so that `run` starts quickly. */
type Action = (context: CliContext) => Promise<number>;

export interface ProgramOutcome {
  action: Action;
  context: CliContext;
}

type Choose = (action: Action) => void;

/** @param choose Is called with what the command line asks for. */
export function buildProgram(choose: Choose): Command {
  const program = new Command('expacti')
    .description('Holds the commands of automated agents until a person has approved them.')
    .version(CLI_VERSION)
    .option('--url <url>', 'the server (default: EXPACTI_URL, where you signed in, or http://127.0.0.1:3001)')
    .option('--json', 'answer in JSON')
    .showHelpAfterError('(see: expacti help)')
    .enablePositionalOptions()
    .exitOverride();
  addAgentCommands(program, choose);
  addReviewerCommands(program, choose);
  addRuleCommands(program, choose);
  addAgentAdministration(program, choose);
  addOversightCommands(program, choose);
  addServerCommands(program, choose);
  addOperations(program, choose);
  for (const command of everyCommand(program)) command.exitOverride();
  return program;
}

/**
 * Reads the command line.
 * @returns What to do; or the exit code, where help, the version or an error was printed.
 */
export async function readCommandLine(argv: readonly string[]): Promise<ProgramOutcome | number> {
  let chosen: Action | undefined;
  const program = buildProgram((action) => {
    chosen = action;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
  const { json = false, url } = globalFlags(program);
  return chosen ? { action: chosen, context: processContext({ json, url }) } : EXIT.usage;
}

/** `--json` and `--url` may stand after the subcommand too. */
function globalFlags(program: Command): { json?: boolean; url?: string } {
  const own = program.opts<{ json?: boolean; url?: string }>();
  for (const command of everyCommand(program)) {
    const flags = command.opts<{ json?: boolean; url?: string }>();
    if (flags.json) own.json = true;
    if (flags.url !== undefined) own.url = flags.url;
  }
  return own;
}

function* everyCommand(command: Command): Generator<Command> {
  for (const inner of command.commands) {
    yield inner;
    yield* everyCommand(inner);
  }
}

function addCommand(parent: Command, definition: string, description: string): Command {
  return parent
    .command(definition)
    .description(description)
    .option('--json', 'answer in JSON')
    .option('--url <url>', 'the server');
}

const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

function addRunOptions(command: Command): Command {
  return command
    .option('--reason <text>', 'why, for the reviewer')
    .option('--context <json>', 'a JSON object for the reviewer: task, ticket, transcript')
    .option('--cwd <folder>', 'where to run (default: here)')
    .option('--shell <name>', 'bash, sh, dash, zsh or fish (default: bash)')
    .option('--target <name>', 'the registered target that this machine is')
    .option('--session <name>', 'what reviewers see the session called')
    .option('--stdin', 'hand standard input on to the command; nobody reviews it');
}

function addAgentCommands(program: Command, choose: Choose): void {
  addRunOptions(addCommand(program, 'run', 'ask for a command, wait, and run what was approved: expacti run -- CMD'))
    .argument('<command...>', 'the words of the command; a single word is a whole command line')
    .passThroughOptions()
    .action((words, flags) =>
      choose(async (context) => (await import('./commands/run.js')).runCommand(context, words, flags)),
    );
  addRunOptions(addCommand(program, 'shell', 'a shell whose every line is submitted')).action((flags) =>
    choose(async (context) => (await import('./commands/shell.js')).shellCommand(context, flags)),
  );
}

function addReviewerCommands(program: Command, choose: Choose): void {
  addCommand(program, 'login', 'sign in, or keep a token')
    .option('--token <token>', 'a shell token or a reviewer token; - reads it from standard input')
    .option('--email <address>', 'sign in with e-mail and password')
    .option('--password-stdin', 'read the password from standard input')
    .action((flags) => choose(async (context) => (await import('./commands/login.js')).loginCommand(context, flags)));
  addCommand(program, 'logout', 'sign out and forget the tokens kept here').action(() =>
    choose(async (context) => (await import('./commands/login.js')).logoutCommand(context)),
  );
  addCommand(program, 'pending', 'what waits for a decision').action(() =>
    choose(async (context) => (await import('./commands/review.js')).pendingCommand(context)),
  );
  for (const verb of ['approve', 'deny'] as const) {
    const command = addCommand(program, `${verb} <id>`, `${verb} a request`)
      .option('--reason <text>', 'what the agent reads')
      .option('--expect-sha256 <hex>', 'decide only if the command is this one; does not ask')
      .option('--remember <type>', `${verb === 'approve' ? 'allow' : 'deny'} it from now on: exact, glob or regex`)
      .option('--pattern <pattern>', 'of the rule (default with exact: the command)')
      .option('--scope <scope>', 'of the rule: global, target:ID or group:ID')
      .option('--ttl <time>', 'how long the rule holds: 90s, 10m, 12h, 30d')
      .option('--session-only', 'the rule holds for this session alone');
    if (verb === 'approve') {
      command.option('--yes', 'do not ask').option('--edit <command>', 'approve this text instead');
    }
    command.action((id, flags) =>
      choose(async (context) => (await import('./commands/review.js'))[`${verb}Command`](context, id, flags)),
    );
  }
}

function addRuleCommands(program: Command, choose: Choose): void {
  const rules = program.command('rules').description('what is allowed, denied or reviewed without asking');
  const load = () => import('./commands/rules.js');
  addCommand(rules, 'list', 'all rules')
    .option('--query <text>', 'that contain this')
    .option('--effect <effect>', 'allow, deny or review')
    .action((flags) => choose(async (context) => (await load()).listRules(context, flags)));
  addCommand(rules, 'add', 'make a rule')
    .requiredOption('--effect <effect>', 'allow, deny or review')
    .requiredOption('--type <type>', 'exact, glob or regex')
    .requiredOption('--pattern <pattern>', 'what it covers')
    .option('--kind <kind>', 'command, tool_call or file_transfer (default: command)')
    .option('--scope <scope>', 'global, target:ID or group:ID (default: global)')
    .option('--agent <id>', 'for this agent alone')
    .option('--shell <name>', 'for this shell alone')
    .option('--cwd <folder>', 'in this folder alone')
    .option('--ttl <time>', 'how long it holds: 90s, 10m, 12h, 30d')
    .option('--note <text>', 'why it is there')
    .option('--pipeline', 'also as a later stage of a pipeline')
    .option('--shadow', 'report only what it would have done')
    .action((flags) => choose(async (context) => (await load()).addRule(context, flags)));
  addCommand(rules, 'delete <id>', 'delete a rule').action((id) =>
    choose(async (context) => (await load()).deleteRule(context, id)),
  );
  addCommand(rules, 'test <command>', 'how a command would be judged; runs nothing')
    .option('--shell <name>', 'by this shell')
    .option('--cwd <folder>', 'in this folder')
    .option('--target <name>', 'on this target')
    .action((command, flags) => choose(async (context) => (await load()).testRules(context, command, flags)));
  addCommand(rules, 'export', 'all rules as JSON').action(() =>
    choose(async (context) => (await load()).exportRules(context)),
  );
  addCommand(rules, 'import <file>', 'make many rules, all or none; - reads standard input')
    .option('--dry-run', 'only check')
    .action((file, flags) => choose(async (context) => (await load()).importRules(context, file, flags)));
}

function addAgentAdministration(program: Command, choose: Choose): void {
  const agents = program.command('agents').description('who may ask');
  const load = () => import('./commands/agents.js');
  addCommand(agents, 'list', 'all agents').action(() => choose(async (context) => (await load()).listAgents(context)));
  addCommand(agents, 'create <name>', 'register an agent; you own it')
    .option('--description <text>', 'what it is for')
    .action((name, flags) => choose(async (context) => (await load()).createAgent(context, name, flags)));
  addCommand(agents, 'token <agent>', 'issue a shell token; it is printed once')
    .requiredOption('--name <name>', 'to tell tokens apart')
    .option('--targets <names>', 'only these targets, with commas')
    .option('--shells <names>', 'only these shells, with commas')
    .option('--kinds <kinds>', 'only these kinds, with commas')
    .option('--ttl <time>', 'how long it holds: 12h, 30d')
    .action((id, flags) => choose(async (context) => (await load()).issueToken(context, id, flags)));
  addCommand(agents, 'revoke <agent> <token>', 'revoke a token').action((id, token) =>
    choose(async (context) => (await load()).revokeToken(context, id, token)),
  );
  for (const verb of ['suspend', 'resume'] as const) {
    addCommand(agents, `${verb} <agent>`, verb === 'suspend' ? 'stop an agent at once' : 'let it work again').action(
      (id) => choose(async (context) => (await load()).switchAgent(context, id, verb)),
    );
  }
}

function addOversightCommands(program: Command, choose: Choose): void {
  const audit = program.command('audit').description('the log of everything that happened');
  const load = () => import('./commands/audit.js');
  addCommand(audit, 'verify', 'prove that no entry was changed, removed, inserted or moved')
    .option('--file <file>', 'an export, instead of the server')
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere')
    .option('--keys <file>', 'the key set (JWKS) that signs checkpoints, for --file')
    .action((flags) => choose(async (context) => (await load()).verifyAudit(context, flags)));
  addCommand(audit, 'export', 'the log, oldest first, one entry a line')
    .option('--file <file>', 'write it there')
    .action((flags) => choose(async (context) => (await load()).exportAudit(context, flags)));
  addCommand(audit, 'checkpoint', 'a signed statement of where the log stands').action(() =>
    choose(async (context) => (await load()).takeCheckpoint(context)),
  );
}

function addServerCommands(program: Command, choose: Choose): void {
  addCommand(program, 'serve', 'run the server')
    .option('--config <file>', 'configuration file (default: config.toml)')
    .option('--host <address>', 'where to listen')
    .option('--port <number>', 'where to listen')
    .option('--data-dir <folder>', 'where to keep everything')
    .option('--eval', 'try it out: published credentials, this machine only')
    .option('--set <name=value>', 'any setting, by its name in the file; may be repeated', collect)
    .action((flags) => choose(async () => (await import('./commands/serve.js')).serveCommand(flags)));
  const admin = program.command('admin').description('set-up');
  addCommand(admin, 'create', 'make the first owner')
    .option('--email <address>')
    .option('--name <name>')
    .option('--org <name>', 'name of the organization')
    .option('--password-stdin', 'read the password from standard input')
    .option('--setup-token <token>', 'the one-time token that the server printed')
    .option('--data-dir <folder>', "the server's data folder, which holds the token (default: ./data)")
    .option('--one-person-approval', 'you may approve requests of your own agents; recorded and shown')
    .action((flags) => choose(async (context) => (await import('./commands/admin.js')).createAdmin(context, flags)));
  addCommand(program, 'doctor', 'examine this machine and the server')
    .option('--config <file>', 'configuration file of the server')
    .action((flags) => choose(async (context) => (await import('./commands/doctor.js')).doctorCommand(context, flags)));
}

function addOperations(program: Command, choose: Choose): void {
  const database = program.command('database').description('where everything is kept');
  addCommand(database, 'copy', 'move an installation from SQLite to PostgreSQL, and verify it there')
    .option('--from <url>', 'sqlite:/path/to/file.db (default: in the data folder)')
    .option('--to <url>', 'postgres://user:password@host/name (default: EXPACTI_DATABASE_URL, which nobody else sees)')
    .option('--data-dir <folder>', "the server's data folder (default: ./data)")
    .action((flags) => choose(async (context) => (await import('./commands/database.js')).copyCommand(context, flags)));
  const streams = program.command('streams').description('the bus of services that run as processes of their own');
  const dead = streams.command('dead').description('what consumers have given up');
  const load = () => import('./commands/streams.js');
  addCommand(dead, 'list', 'dead letters, newest first')
    .option('--config <file>', 'configuration file of the installation')
    .option('--group <name>', 'of this consumer group alone')
    .action((flags) => choose(async (context) => (await load()).listDead(context, flags)));
  addCommand(dead, 'replay [ids...]', 'hand dead letters to their group once more')
    .option('--config <file>', 'configuration file of the installation')
    .option('--all', 'all of them (at most 200 at a time)')
    .option('--group <name>', 'with --all: of this consumer group alone')
    .action((ids, flags) => choose(async (context) => (await load()).replayDead(context, ids, flags)));
}
