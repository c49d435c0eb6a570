import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { describeFailure, formProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { Rule } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { useMay } from '../session/session.js';
import { Button } from '../ui/button.js';
import { Identifier } from '../ui/copy-button.js';
import { Confirm } from '../ui/dialog.js';
import { Fact, FactList } from '../ui/facts.js';
import { FormError } from '../ui/form-error.js';
import { notify } from '../ui/notices.js';
import { Page } from '../ui/page.js';
import { Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { useSettled } from '../ui/use-settled.js';
import { draftOf, emptyDraft, type RuleDraft, ruleOfDraft } from './rule-draft.js';
import { FIELD_PATHS, RuleFields } from './rule-fields.js';
import { RulePreviewView } from './rule-preview-view.js';
import { TryCommand } from './try-command.js';

export function NewRulePage() {
  return (
    <Page title="New rule" lead="A rule decides from now on, without a person. Try it below before it is in force.">
      <RuleForm />
    </Page>
  );
}

export function RulePage() {
  const { ruleId } = useParams({ from: '/frame/rules/$ruleId' });
  const rule = useQuery({
    queryKey: keys.rule(ruleId),
    queryFn: ({ signal }) => call('GET /rules/{id}', { params: { id: ruleId }, signal }),
  });
  return (
    <Page title="Rule" actions={rule.data && <DeleteRule rule={rule.data} />}>
      {rule.isError ? (
        <Failure error={rule.error} onRetry={() => void rule.refetch()} />
      ) : rule.data ? (
        <>
          <RuleFacts rule={rule.data} />
          <RuleForm key={rule.data.updated_at} rule={rule.data} />
        </>
      ) : (
        <LoadingRows what="the rule" />
      )}
    </Page>
  );
}

function RuleForm({ rule }: { rule?: Rule }) {
  const mayWrite = useMay('rules:write');
  const navigate = useNavigate();
  const [draft, setDraft] = useState<RuleDraft>(() => (rule ? draftOf(rule) : emptyDraft));
  const change = (part: Partial<RuleDraft>) => setDraft((current) => ({ ...current, ...part }));
  const save = useMutation({
    mutationFn: () => {
      const body = ruleOfDraft(draft);
      return rule ? call('PATCH /rules/{id}', { params: { id: rule.id }, body }) : call('POST /rules', { body });
    },
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: keys.rules });
      notify('good', rule ? 'The rule is changed and in force.' : 'The rule is in force.');
      if (!rule) void navigate({ to: '/rules/$ruleId', params: { ruleId: saved.id }, replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const settled = useSettled(draft, 350);
  const asRule = ruleOfDraft(settled);
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] mt-4">
      <form className="grid grid-cols-1 gap-4 content-start" onSubmit={submit}>
        <fieldset disabled={!mayWrite} className="grid grid-cols-1 gap-4">
          <RuleFields draft={draft} change={change} error={save.error} />
        </fieldset>
        <FormError text={formProblem(save.error, FIELD_PATHS)} />
        <div className="flex gap-2">
          {mayWrite ? (
            <Button type="submit" look="primary" disabled={save.isPending || draft.pattern.trim() === ''}>
              {rule ? 'Save the rule' : 'Make the rule'}
            </Button>
          ) : (
            <p className="text-ink-soft">Your role may look at rules, but not change them.</p>
          )}
        </div>
      </form>
      <aside aria-label="What the rule does" className="grid grid-cols-1 gap-4 content-start">
        {draft.pattern.trim() === '' ? (
          <p className="text-ink-soft">What the rule would match appears here as you type.</p>
        ) : (
          <>
            <section className="p-3 rounded-panel border border-line">
              <h2 className="font-semibold mb-1">What it would have matched</h2>
              <RulePreviewView rule={asRule} />
            </section>
            {draft.kind === 'command' && <TryCommand rule={asRule} title="Try a command with this rule" />}
          </>
        )}
      </aside>
    </div>
  );
}

function RuleFacts({ rule }: { rule: Rule }) {
  return (
    <FactList>
      <Fact name="Made by">
        <InertText text={rule.created_by.name} />, <TimeAgo at={rule.created_at} />
      </Fact>
      <Fact name="Changed">
        <TimeAgo at={rule.updated_at} />
      </Fact>
      <Fact name="Used">
        {rule.use_count === 0 ? 'never' : `${rule.use_count.toLocaleString('en')} times`}
        {rule.last_used_at && (
          <>
            , last <TimeAgo at={rule.last_used_at} />
          </>
        )}{' '}
        <Link to="/history" search={{ rule: rule.id }} className="text-accent hover:underline">
          what it decided
        </Link>
      </Fact>
      {(rule.shadow || rule.shadow_count > 0) && (
        <Fact name="In shadow">would have allowed {rule.shadow_count.toLocaleString('en')}</Fact>
      )}
      <Fact name="Id">
        <Identifier id={rule.id} label="Copy the rule’s id" />
      </Fact>
    </FactList>
  );
}

function DeleteRule({ rule }: { rule: Rule }) {
  const mayWrite = useMay('rules:write');
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => call('DELETE /rules/{id}', { params: { id: rule.id } }),
    onSuccess: () => {
      notify('good', 'The rule is gone, and no gateway uses it any more.');
      void queryClient.invalidateQueries({ queryKey: [...keys.rules, 'list'] });
      void navigate({ to: '/rules' });
    },
    onError: (error) => notify('bad', `${describeFailure(error).title} ${describeFailure(error).advice}`),
  });
  if (!mayWrite) return null;
  return (
    <>
      <Button look="danger" disabled={remove.isPending} onClick={() => setAsking(true)}>
        {remove.isPending ? 'Deleting…' : 'Delete the rule'}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Delete this rule?"
        description={
          rule.effect === 'allow'
            ? 'What it allowed will be held for a person again.'
            : 'What it stopped may run again, where another rule or a person allows it.'
        }
        verb="Delete"
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}
