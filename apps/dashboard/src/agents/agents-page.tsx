import { useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../session/session.js';
import { Button } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { AgentCard } from './agent-card.js';
import { AgentDialog } from './agent-dialog.js';
import { useAgents } from './use-agents.js';

/** Who may ask, and with which tokens. */
export function AgentsPage() {
  const { agent: wanted } = useSearch({ from: '/frame/agents' });
  const agents = useAgents();
  const mayWrite = useMay('agents:write');
  const [creating, setCreating] = useState(false);
  const list = agents.data?.data;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus size={14} aria-hidden="true" /> New agent
    </Button>
  );
  return (
    <Page
      title="Agents"
      lead="An agent asks and never decides. Each token says where it may be used; it is shown once."
      actions={mayWrite && create}
    >
      {agents.isError && !list ? (
        <Failure error={agents.error} onRetry={() => void agents.refetch()} />
      ) : !list ? (
        <LoadingRows what="agents" />
      ) : list.length === 0 ? (
        <Empty title="No agent yet" action={mayWrite && create}>
          Make one, give it a token, and what it asks appears in the queue.
        </Empty>
      ) : (
        <ul className="grid grid-cols-1 gap-3">
          {list.map((agent) => (
            <AgentCard key={agent.id} agent={agent} wanted={agent.id === wanted} />
          ))}
        </ul>
      )}
      {creating && <AgentDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
