import { type Analysis, analyze, findSuspiciousCharacters, type Shell } from '@expacti/shell';
import { Fragment, memo, useMemo } from 'react';
import type { CommandKind } from '../api/types.js';
import { submissionLine } from '../queue/submission.js';
import { classNames } from '../ui/class-names.js';
import { Chip } from './chip.js';
import { type Segment, segmentsOf, sliceSegments } from './segments.js';

/** More than any row is wide. */
const LONGEST_LINE = 400;

const colours: Record<Segment['kind'], string> = {
  program: 'font-bold text-ink',
  option: 'text-token-option',
  literal: 'text-ink',
  dynamic: 'text-token-dynamic underline decoration-dotted decoration-2 underline-offset-4',
  redirection: 'text-token-redirection font-medium',
  operator: 'text-token-operator font-bold',
  assignment: 'text-token-assignment',
  keyword: 'text-token-operator font-bold',
  comment: 'text-ink-faint italic',
  heredoc: 'text-ink-soft bg-hover',
  plain: 'text-ink',
};

/** The command line as its shell's grammar reads it; the same object for the same text. */
export function useAnalysis(command: string, shell: Shell): Analysis {
  return useMemo(() => analyze(command, shell), [command, shell]);
}

interface CommandTextProps {
  analysis: Analysis;
  /** Characters of the source to show; all of them unless told. */
  range?: { from: number; to: number };
}

/** A command, every byte of it, coloured by what each part is. */
export const CommandText = memo(function CommandText({ analysis, range }: CommandTextProps) {
  const { source, tokens } = analysis;
  const segments = useMemo(() => segmentsOf(source, tokens, findSuspiciousCharacters(source)), [source, tokens]);
  const shown = useMemo(() => (range ? sliceSegments(segments, range.from, range.to) : segments), [segments, range]);
  return (
    <code className="exact-text whitespace-pre-wrap wrap-anywhere">
      {shown.map((segment) => (
        <SegmentText key={segment.start} segment={segment} />
      ))}
    </code>
  );
});

function SegmentText({ segment }: { segment: Segment }) {
  if (segment.chip === null) return <span className={classNames(colours[segment.kind])}>{segment.text}</span>;
  if (segment.text !== '\n') return <Chip {...segment.chip} />;
  return (
    <Fragment>
      <span aria-hidden="true" className="text-ink-faint select-none">
        ⏎
      </span>
      {'\n'}
    </Fragment>
  );
}

interface CommandLineProps {
  command: string;
  /** Of another kind, the judged text is JSON and is summed up without colours. */
  kind?: CommandKind;
  className?: string;
}

/** A command on one line of a list: inert, coloured, cut at the edge. Only where the whole text is one step away. */
export function CommandLine({ command, kind = 'command', className }: CommandLineProps) {
  const line = kind === 'command' ? command : submissionLine(kind, command);
  const short = line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line;
  const segments = useMemo(
    () => segmentsOf(short, kind === 'command' ? analyze(short, 'bash').tokens : [], findSuspiciousCharacters(short)),
    [short, kind],
  );
  return (
    <code className={classNames('exact-text block truncate', className)}>
      {segments.map((segment) =>
        segment.chip === null ? (
          <span key={segment.start} className={colours[segment.kind]}>
            {segment.text}
          </span>
        ) : (
          <Chip key={segment.start} {...segment.chip} />
        ),
      )}
    </code>
  );
}
