import type {
  AndOr,
  Case,
  CommandNode,
  CompoundList,
  Function as FunctionDefinition,
  If,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Statement,
  SyntaxNode,
  Redirection as TreeRedirection,
  Word as TreeWord,
} from 'unbash';
import { parse } from 'unbash';
import type { Context, SimpleCommand } from '../analysis.js';
import { MAX_TREE_DEPTH } from '../limits.js';
import { addCommand } from '../reading/add-command.js';
import { BudgetExceededError, type Findings, type Reading } from '../reading/reading.js';
import { commandFromTree, pseudoCommand, redirectionFromTree, standardInputOf } from './command-from-tree.js';
import { evaluatesHiddenCode } from './hidden-evaluation.js';
import type { Place } from './place.js';
import { redirectionTrap } from './redirection-trap.js';
import { bashOnlyConstruct } from './shell-specific.js';
import { forEachScript, hidesSubstitution } from './word-from-tree.js';

/**
 * Lists everything that a tree could run, whatever node types it holds: a superset for display, deny rules and risk. The
 * line it belongs to is not strict; what it means to another shell than bash may make it unparseable.
 */
export class TreeReader implements Findings {
  readonly reasons: string[] = [];
  readonly strictReasons: string[] = [];
  /** Set when something met evaluates code that is hidden in a variable or in a subscript. */
  private evaluates = false;
  private depth = 0;
  private place: Place;

  constructor(private readonly reading: Reading) {
    this.place = { source: reading.source, spans: reading.spans };
  }

  read(tree: ParsedScript): Findings {
    try {
      this.script(tree, [...this.reading.context]);
    } catch (error) {
      if (error instanceof BudgetExceededError) throw error;
      this.refuse('It is nested too deeply to be read.');
    }
    return this;
  }

  private refuse(reason: string): void {
    if (!this.reasons.includes(reason)) this.reasons.push(reason);
  }

  private loosen(reason: string): void {
    if (!this.strictReasons.includes(reason)) this.strictReasons.push(reason);
  }

  /** Every node passes here: it costs a step, and may be one that the executing shell reads differently. */
  private meet(node: SyntaxNode): void {
    this.reading.collector.spend(1);
    if (evaluatesHiddenCode(node)) this.evaluates = true;
    const trap = redirectionTrap(node);
    if (trap !== null) this.refuse(trap);
    const { shell } = this.reading;
    if (shell !== 'sh' && shell !== 'dash') return;
    const construct = bashOnlyConstruct(node);
    if (construct !== null) this.refuse(`bash and dash read ${construct} differently.`);
  }

  private script(node: ParsedScript, context: Context[]): void {
    // The parser reads the text of a substitution again for each one around it.
    this.reading.collector.spend(node.end - node.pos);
    const [error] = node.errors ?? [];
    if (error !== undefined) this.refuse(`It has a syntax error: ${error.message}.`);
    const outer = this.place;
    if (node.source !== undefined) this.place = { source: node.source, spans: false };
    this.statements(node.commands, context);
    this.place = outer;
  }

  private statements(statements: readonly Statement[], context: Context[]): void {
    if (++this.depth > MAX_TREE_DEPTH) throw new RangeError('The tree is too deep.');
    const inside = statements.length > 1 ? push(context, 'list') : context;
    for (const statement of statements) {
      this.meet(statement);
      if (statement.background) this.loosen('It runs a command in the background.');
      this.logical(statement.command, statement.background ? push(inside, 'background') : inside);
    }
    this.depth--;
  }

  private list(node: CompoundList, context: Context[]): void {
    this.statements(node.commands, context);
  }

  private logical(node: PipelineNode | AndOr, context: Context[]): void {
    if (node.type !== 'AndOr') {
      this.pipeline(node, context);
      return;
    }
    for (const part of node.commands) this.pipeline(part, push(context, 'list'));
  }

  private pipeline(node: PipelineNode, context: Context[]): void {
    if (node.type !== 'Pipeline') {
      this.command(node, context);
      return;
    }
    this.meet(node);
    const inside = this.prefixes(node, context);
    if (node.operators.includes('|&')) this.loosen('It uses `|&`.');
    node.commands.forEach((part, index) => {
      if (node.commands.length === 1) this.command(part, inside);
      else this.command(part, push(inside, index === 0 ? 'pipeline-first' : 'pipeline-later'));
    });
  }

  private prefixes(node: Pipeline, context: Context[]): Context[] {
    let inside = context;
    for (const prefix of node.prefixes) {
      this.meet(prefix);
      this.loosen(prefix.type === 'Time' ? 'It uses `time`.' : 'It uses `!`.');
      inside = push(inside, prefix.type === 'Time' ? 'timed' : 'negated');
    }
    return inside;
  }

  private command(node: CommandNode | CompoundList, context: Context[]): void {
    if (++this.depth > MAX_TREE_DEPTH) throw new RangeError('The tree is too deep.');
    this.commandNode(node, context);
    this.depth--;
  }

  private commandNode(node: CommandNode | CompoundList, context: Context[]): void {
    this.meet(node);
    if (node.type !== 'Command' && node.type !== 'Redirected') this.loosen(`It uses ${describe(node.type)}.`);
    switch (node.type) {
      case 'Command': {
        const command = commandFromTree(this.reading, this.place, node, context);
        addCommand(this.reading, command, standardInputOf(command));
        this.expansionsOf(command, [...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix]);
        return;
      }
      case 'Redirected':
        this.command(node.command, context);
        this.redirections(node.redirects, context, node);
        return;
      case 'Subshell':
        this.list(node.body, push(context, 'subshell'));
        return;
      case 'BraceGroup':
        this.list(node.body, push(context, 'group'));
        return;
      case 'CompoundList':
        this.list(node, context);
        return;
      case 'If':
        this.conditional(node, push(context, 'conditional'));
        return;
      case 'While':
        this.list(node.clause, push(context, 'loop'));
        this.list(node.body, push(context, 'loop'));
        return;
      case 'For':
      case 'Select':
        for (const word of node.wordlist ?? []) this.expansions(word, context);
        this.list(node.body, push(context, 'loop'));
        return;
      case 'ArithmeticFor':
        this.arithmetic(node, context);
        for (const part of [node.initialize, node.test, node.update])
          if (part !== undefined) this.expansions(part, context);
        this.list(node.body, push(context, 'loop'));
        return;
      case 'Case':
        this.choice(node, context);
        return;
      case 'Function':
        this.functionDefinition(node, context);
        return;
      case 'Coproc':
        this.command(node.body, push(context, 'background'));
        return;
      case 'TestCommand':
      case 'ArithmeticCommand':
        this.arithmetic(node, context);
        this.expansions(node, context);
        return;
    }
  }

  /** `[[ … ]]`, `(( … ))`: no program runs, but their operands can run code. */
  private arithmetic(node: SyntaxNode & { pos: number; end: number }, context: Context[]): void {
    addCommand(this.reading, pseudoCommand(this.reading, this.place, node, context), null);
  }

  private conditional(node: If, context: Context[]): void {
    this.list(node.clause, context);
    this.list(node.then, context);
    for (const branch of node.elif) {
      this.list(branch.clause, context);
      this.list(branch.then, context);
    }
    if (node.else !== undefined) this.list(node.else, context);
  }

  private choice(node: Case, context: Context[]): void {
    this.expansions(node.word, context);
    for (const item of node.items) {
      this.meet(item);
      for (const pattern of item.pattern) this.expansions(pattern, context);
      this.list(item.body, push(context, 'case'));
    }
  }

  private functionDefinition(node: FunctionDefinition, context: Context[]): void {
    if (this.place.source.slice(node.pos, node.end).startsWith('function') && this.reading.shell !== 'bash') {
      this.refuse('bash and dash read `function` differently.');
    }
    this.expansions(node.name, context);
    this.command(node.body, push(context, 'function-body'));
  }

  private redirections(
    nodes: readonly TreeRedirection[],
    context: Context[],
    owner: { pos: number; end: number },
  ): void {
    const command = pseudoCommand(this.reading, this.place, owner, context);
    command.words = [];
    command.argv = [];
    command.reasons = [];
    command.text = nodes.map((node) => this.place.source.slice(node.pos, node.end)).join(' ');
    command.redirections = nodes.map((node) => redirectionFromTree(this.place, node));
    addCommand(this.reading, command, null);
    for (const node of nodes) this.expansions(node, context);
  }

  /** Lists what runs inside the parts of a command, and marks it opaque when one of them evaluates hidden code. */
  private expansionsOf(command: SimpleCommand, parts: readonly SyntaxNode[]): void {
    const outer = this.evaluates;
    this.evaluates = false;
    for (const part of parts) this.expansions(part, command.context);
    if (this.evaluates) {
      command.opaque = true;
      command.patternable = false;
      command.reasons.push('An expansion in it evaluates what a variable or a subscript holds.');
    }
    this.evaluates = outer;
  }

  /** Lists what runs inside a word, an assignment, a redirection or an arithmetic expression. */
  private expansions(node: SyntaxNode, context: Context[]): void {
    this.meet(node);
    if (node.type === 'Word') this.hidden(node, context);
    forEachScript(
      node,
      (script) =>
        this.script(script, push(node.type === 'HereDoc' ? push(context, 'here-document') : context, 'substitution')),
      (part) => {
        this.meet(part);
        if (part.type === 'Word') this.hidden(part, context);
      },
    );
  }

  /** A substitution that the parser overlooked: the line is refused, and its contents are still shown. */
  private hidden(node: TreeWord, context: Context[]): void {
    if (!hidesSubstitution(node)) return;
    this.refuse('Two readings of the line disagree.');
    const inside = node.text.slice(node.text.search(/[(`]/) + 1).replace(/[)`][^)`]*$/, '');
    const outer = this.place;
    this.place = { source: inside, spans: false };
    this.script(parse(inside), push(context, 'substitution'));
    this.place = outer;
  }
}

function push(context: readonly Context[], next: Context): Context[] {
  return [...context, next];
}

function describe(type: (CommandNode | CompoundList)['type']): string {
  switch (type) {
    case 'Subshell':
      return 'a subshell';
    case 'BraceGroup':
    case 'CompoundList':
      return 'a group';
    case 'If':
    case 'Case':
      return 'a condition';
    case 'For':
    case 'ArithmeticFor':
    case 'Select':
    case 'While':
      return 'a loop';
    case 'Function':
      return 'a function definition';
    case 'Coproc':
      return 'a coprocess';
    case 'TestCommand':
      return '`[[ … ]]`';
    case 'ArithmeticCommand':
      return 'arithmetic';
    case 'Command':
    case 'Redirected':
      return 'a redirection';
  }
}
