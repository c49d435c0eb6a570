import type { Analysis } from '@expacti/shell';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleQuestionMark, CircleSlash, CornerDownRight } from 'lucide-react';
import { useMemo } from 'react';
import type { Verdict } from '../api/types.js';
import { classNames } from '../ui/class-names.js';
import { InertText } from './inert-text.js';
import { type JudgedPart, type RunItem, runList } from './run-list.js';

/** Every simple command that the line could run, with what is not known about it beforehand. */
export function WhatWouldRun({ analysis, judged }: { analysis: Analysis; judged: readonly JudgedPart[] }) {
  const items = useMemo(() => runList(analysis, judged), [analysis, judged]);
  return (
    <div>
      {!analysis.parseable && (
        <div className="px-3 py-2 mb-2 rounded-control bg-high-soft text-high">
          <p className="font-medium">
            This line cannot be fully understood{items.length > 0 && '; the list may be incomplete'}.
          </p>
          <ul className="text-ink">
            {analysis.reasons.map((reason) => (
              <li key={reason}>
                <InertText text={reason} prose />
              </li>
            ))}
          </ul>
        </div>
      )}
      {items.length > 0 && (
        <ol className="rounded-control border border-line divide-y divide-line">
          {items.map((item) => (
            <RunRow key={item.key} item={item} />
          ))}
        </ol>
      )}
    </div>
  );
}

const indents = ['', 'pl-5', 'pl-10', 'pl-15', 'pl-20'];

function RunRow({ item }: { item: RunItem }) {
  return (
    <li className="px-3 py-2">
      <div className={classNames('flex gap-2 items-start', indents[Math.min(item.depth, indents.length - 1)])}>
        {item.depth > 0 && <CornerDownRight size={14} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-faint" />}
        <div className="min-w-0 flex-1">
          <code className="exact-text wrap-anywhere whitespace-pre-wrap">
            {item.assignments.map((text) => (
              <span key={text} className="mr-2 inline-block max-w-full align-top text-token-assignment">
                <InertText text={text} />
              </span>
            ))}
            {item.words.map((word) => (
              <RunWordText key={word.place} word={word} program={word.place === 0} />
            ))}
            {item.redirections.map((redirection) => (
              <span key={redirection.text} className="mr-2 inline-block max-w-full align-top text-token-redirection">
                <InertText text={redirection.text} />
              </span>
            ))}
          </code>
          <RunNotes item={item} />
        </div>
        <VerdictMark verdict={item.verdict} ruleId={item.ruleId} />
      </div>
    </li>
  );
}

function RunWordText({ word, program }: { word: RunItem['words'][number]; program: boolean }) {
  if (word.dynamic === null) {
    return (
      <span
        className={classNames(
          'mr-2 inline-block max-w-full align-top',
          program && 'font-bold',
          word.text.startsWith('-') && 'text-token-option',
        )}
      >
        <InertText text={word.text} />
      </span>
    );
  }
  return (
    <span
      title={word.dynamic}
      className="mr-2 inline-block max-w-full align-top text-token-dynamic underline decoration-dotted decoration-2 underline-offset-4"
    >
      <InertText text={word.text} />
    </span>
  );
}

function RunNotes({ item }: { item: RunItem }) {
  const dynamic = item.words.filter((word) => word.dynamic !== null);
  const files = item.redirections.filter((redirection) => redirection.touchesFile);
  if (item.context.length + dynamic.length + item.notes.length + files.length === 0) return null;
  return (
    <ul className="text-small text-ink-soft mt-0.5 grid grid-cols-1 gap-0.5">
      {item.context.length > 0 && <li>{item.context.join(' · ')}</li>}
      {dynamic.map((word) => (
        <li key={word.text}>
          <code className="text-token-dynamic">
            <InertText text={word.text} />
          </code>
          : {word.dynamic}
        </li>
      ))}
      {item.notes.map((note) => (
        <li key={note}>
          <InertText text={note} prose />
        </li>
      ))}
    </ul>
  );
}

const verdicts: Record<Verdict, { label: string; icon: typeof CircleCheck; className: string }> = {
  allow: { label: 'A rule allows it', icon: CircleCheck, className: 'text-low' },
  deny: { label: 'A rule denies it', icon: CircleSlash, className: 'text-critical' },
  review: { label: 'No rule: review', icon: CircleQuestionMark, className: 'text-ink-faint' },
};

function VerdictMark({ verdict, ruleId }: { verdict: Verdict | null; ruleId: string | null }) {
  if (verdict === null) return null;
  const { label, icon: Icon, className } = verdicts[verdict];
  const mark = (
    <span className={classNames('inline-flex items-center gap-1 text-small whitespace-nowrap', className)}>
      <Icon size={14} aria-hidden="true" /> {ruleId ? label : verdict === 'review' ? 'Review' : label}
    </span>
  );
  if (!ruleId) return mark;
  return (
    <Link to="/rules/$ruleId" params={{ ruleId }} className="shrink-0 hover:underline">
      {mark}
    </Link>
  );
}
