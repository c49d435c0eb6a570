import { ExpactiClient, type RunOptions } from '../client.js';
import type { ExpactiClientOptions } from '../client-options.js';
import { ExpactiDenied } from '../errors.js';
import type { JsonValue } from '../wire/types.js';
import { refusalText, resultText } from './tool-text.js';

export interface ExpactiToolOptions {
  /** The client to ask with, or how to make one. */
  client?: ExpactiClient | ExpactiClientOptions;
  /** Default `terminal`. */
  name?: string;
  description?: string;
  /** Where commands run. Default: the working directory of this process. */
  cwd?: string;
  target?: string;
  /** Told to the reviewer with each command. */
  context?: Record<string, JsonValue>;
  /** Longest text handed to the model, in UTF-16 units. Default 30 000. */
  maxCharacters?: number;
}

/** What a model passes to the tool. */
export interface TerminalInput {
  command: string;
  /** Shown to the reviewer. */
  reason?: string | undefined;
}

const DESCRIPTION =
  'Runs a shell command (bash) and returns its output. A person reviews the command first, so it can take a while; ' +
  'say in "reason" why it is needed. When it is refused, the answer says why.';

/** JSON Schema of `TerminalInput`, for frameworks and model APIs. */
export const TERMINAL_INPUT_SCHEMA = {
  type: 'object',
  properties: {
    command: { type: 'string', description: 'The command line, exactly as bash should run it' },
    reason: { type: 'string', description: 'Why it is needed; the reviewer reads it' },
  },
  required: ['command'],
  additionalProperties: false,
} as const;

/**
 * A shell tool for any agent framework: `call` answers with text in every case that a model can act on. A refusal is an
 * answer; what makes expacti itself unusable (no server, wrong token, a receipt that does not verify) is thrown.
 */
export class ExpactiTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema = TERMINAL_INPUT_SCHEMA;
  readonly client: ExpactiClient;
  private readonly options: ExpactiToolOptions;

  constructor(options: ExpactiToolOptions = {}) {
    this.options = options;
    this.name = options.name ?? 'terminal';
    this.description = options.description ?? DESCRIPTION;
    this.client = options.client instanceof ExpactiClient ? options.client : new ExpactiClient(options.client);
  }

  /**
   * @param run Callbacks, and the signal that withdraws or ends the command.
   * @throws ExpactiUnavailable, ExpactiUnauthorized, ExpactiReceiptError, ExpactiInvalid; the signal's reason.
   */
  async call(
    input: TerminalInput,
    run: Pick<RunOptions, 'signal' | 'onPending' | 'onUpdate' | 'onApproved' | 'onOutput'> = {},
  ): Promise<string> {
    const { cwd, target, context, maxCharacters = 30_000 } = this.options;
    const chosen: RunOptions = { ...run };
    if (cwd !== undefined) chosen.cwd = cwd;
    if (target !== undefined) chosen.target = target;
    if (context !== undefined) chosen.context = context;
    if (input.reason) chosen.reason = input.reason.slice(0, 2_000).toWellFormed();
    try {
      return resultText(await this.client.run(input.command, chosen), maxCharacters);
    } catch (error) {
      if (error instanceof ExpactiDenied) return refusalText(error);
      throw error;
    }
  }
}
