import { type CommandKind, Submission } from '@expacti/contracts';
import canonicalize from 'canonicalize';

/**
 * The exact text that a person judges, a vote names and a receipt binds. For a command it is the command itself; for the
 * other kinds the canonical JSON (RFC 8785) of what is asked for, so that equal requests have equal bytes.
 */
export function submissionText(submission: Submission): string {
  switch (submission.kind) {
    case 'command':
      return submission.command;
    case 'tool_call':
      return canonicalText({ tool: submission.tool, arguments: submission.arguments });
    case 'file_transfer': {
      const { direction, paths, bytes } = submission;
      return canonicalText({ direction, paths, ...(bytes === undefined ? {} : { bytes }) });
    }
  }
}

function canonicalText(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('there is no canonical JSON of this value');
  return text;
}

/** The inverse: what the text of a kind asks for, as far as judging needs it. */
export function submissionOfText(kind: CommandKind, text: string, cwd: string | null): Submission {
  const where = cwd === null ? {} : { cwd };
  switch (kind) {
    case 'command':
      return { kind, command: text, ...where };
    case 'tool_call':
    case 'file_transfer':
      return Submission.parse({ kind, ...(JSON.parse(text) as object), ...where });
  }
}
