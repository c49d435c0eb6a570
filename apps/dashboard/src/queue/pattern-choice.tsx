import type { Analysis } from '@expacti/shell';
import type { Approval } from '../api/types.js';
import { PatternText } from '../rules/pattern-text.js';
import { classNames } from '../ui/class-names.js';
import { Field, Input, Select } from '../ui/field.js';
import { patternWords } from './generalize.js';
import { GeneralizeWords } from './generalize-words.js';
import type { RememberState } from './use-remember-choice.js';

interface PatternChoiceProps {
  approval: Approval;
  analysis: Analysis;
  state: RememberState;
  problem: string | undefined;
}

/** Which command of the line, which of its words may vary, and the pattern itself, which may be typed too. */
export function PatternChoice({ approval, analysis, state, problem }: PatternChoiceProps) {
  const { choice, change, offers, take, parts, part, setPart, wildcards, setWildcards } = state;
  const command = approval.kind === 'command' ? analysis.commands[part] : undefined;
  const fitting = offers.filter((offer) => offer.type === choice.patternType && offer.part === part);
  return (
    <>
      {parts.length > 1 && (
        <Field
          label="Which command of the line"
          hint="A rule covers one command; the line runs unattended when each of its commands is covered."
        >
          {(attributes) => (
            <Select {...attributes} value={part} onChange={(event) => setPart(Number(event.target.value))}>
              {parts.map((index) => (
                <option key={index} value={index}>
                  {analysis.commands[index]?.text}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {fitting.length > 1 && (
        <fieldset className="flex flex-wrap items-center gap-1.5">
          <legend className="font-medium mb-1">Suggested, from narrow to wide</legend>
          {fitting.map((offer) => (
            <button
              key={offer.pattern}
              type="button"
              aria-pressed={offer.pattern === choice.pattern}
              onClick={() => take(offer)}
              className={classNames(
                'px-2 py-0.5 rounded-control border text-left max-w-full',
                offer.pattern === choice.pattern ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-hover',
              )}
            >
              <PatternText pattern={offer.pattern} type={offer.type} />
            </button>
          ))}
        </fieldset>
      )}
      {command && <GeneralizeWords words={patternWords(command)} wildcards={wildcards} onChange={setWildcards} />}
      <Field label={labelOf(approval, choice.patternType)} error={problem}>
        {(attributes) => (
          <Input
            {...attributes}
            className="font-mono exact-text"
            spellCheck={false}
            value={choice.pattern}
            onChange={(event) => change({ pattern: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function labelOf({ kind }: Approval, type: 'exact' | 'glob' | 'regex'): string {
  if (kind === 'tool_call') return 'Tools of this name, whatever their arguments';
  if (kind === 'file_transfer') return 'Paths';
  return type === 'regex' ? 'Regular expression (RE2, matches the whole command)' : 'Pattern';
}
