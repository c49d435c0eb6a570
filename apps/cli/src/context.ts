/** Everything of the outside world that a command touches. */
export interface CliContext {
  environment: Readonly<Record<string, string | undefined>>;
  input: NodeJS.ReadStream;
  output: NodeJS.WritableStream;
  /** Progress, questions and errors: whatever is not the answer. */
  error: NodeJS.WritableStream;
  /** Whether a person sees `error` and can answer. */
  interactive: boolean;
  /** Answer in JSON, one document (or, for what goes on, one a line). */
  json: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From `--url`. */
  url: string | undefined;
}

/** The context of the process itself. */
export function processContext(options: { json: boolean; url: string | undefined }): CliContext {
  return {
    environment: process.env,
    input: process.stdin,
    output: process.stdout,
    error: process.stderr,
    interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    now: Date.now,
    ...options,
  };
}

/** One line of the answer for people. */
export const say = (context: CliContext, line: string): void => {
  context.output.write(`${line}\n`);
};

/** One line beside the answer. */
export const note = (context: CliContext, line: string): void => {
  context.error.write(`${line}\n`);
};

/** The answer: as JSON where that was asked for, else as a person reads it. */
export function answer(context: CliContext, data: unknown, forPeople: () => string): void {
  if (context.json) say(context, JSON.stringify(data));
  else {
    const text = forPeople();
    if (text !== '') say(context, text);
  }
}
