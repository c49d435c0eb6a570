import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { formProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { RuleImportResult } from '../api/types.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, TextArea } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';
import { readImport } from './read-import.js';

/** Takes an exported file: first says what would happen, then does it. All rules are made, or none. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const read = text.trim() === '' ? null : readImport(text);
  const run = useMutation({
    mutationFn: (dryRun: boolean) =>
      call('POST /rules/import', { body: { rules: read?.ok ? read.rules : [], dry_run: dryRun } }),
    onSuccess: (_, dryRun) => {
      if (!dryRun) void queryClient.invalidateQueries({ queryKey: keys.rules });
    },
  });
  const tried = run.variables === true ? run.data : undefined;
  const done = run.variables === false ? run.data : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate(tried === undefined || tried.problems.length > 0);
  };
  const change = (next: string) => {
    setText(next);
    run.reset();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Import rules"
      description="A file that was exported here. Rules that are there already, word for word, are skipped."
    >
      {done ? (
        <div className="grid grid-cols-1 gap-4">
          <p>{summary(done, 'were')}</p>
          <Button look="primary" className="justify-self-end" onClick={onClose}>
            Done
          </Button>
        </div>
      ) : (
        <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
          <input
            type="file"
            accept="application/json,.json"
            aria-label="File"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) void file.text().then(change);
            }}
          />
          <Field label="or its text" error={read && !read.ok ? read.problem : undefined}>
            {(attributes) => (
              <TextArea
                {...attributes}
                rows={8}
                spellCheck={false}
                className="font-mono"
                value={text}
                onChange={(event) => change(event.target.value)}
              />
            )}
          </Field>
          {tried && (
            <div role="status">
              <p>{summary(tried, 'would be')}</p>
              <ul className="text-critical list-disc pl-4">
                {tried.problems.map(({ index, message }) => (
                  <li key={index}>
                    Rule {index + 1}: {message}
                  </li>
                ))}
              </ul>
            </div>
          )}
          <FormError text={formProblem(run.error, [])} />
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" disabled={run.isPending || !read?.ok}>
              {tried && tried.problems.length === 0 ? `Import ${tried.created}` : 'Check first'}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function summary({ created, skipped }: RuleImportResult, verb: string): string {
  return `${created.toLocaleString('en')} ${verb} made, ${skipped.toLocaleString('en')} ${verb} skipped.`;
}
