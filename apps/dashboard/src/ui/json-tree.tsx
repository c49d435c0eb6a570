import { InertText } from '../command/inert-text.js';

/** Free JSON from an agent, folded where it is deep, every text inert. */
export function JsonTree({ value, openDepth = 2 }: { value: unknown; openDepth?: number }) {
  return (
    <div className="font-mono text-small">
      <Node value={value} depth={0} openDepth={openDepth} />
    </div>
  );
}

interface NodeProps {
  name?: string;
  value: unknown;
  depth: number;
  openDepth: number;
}

function Node({ name, value, depth, openDepth }: NodeProps) {
  const label =
    name === undefined ? null : (
      <span className="text-ink-faint">
        <InertText text={name} />:{' '}
      </span>
    );
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="wrap-anywhere">
        {label}
        <Leaf value={value} />
      </div>
    );
  }
  const entries = Array.isArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : Object.entries(value);
  if (depth === 0 && name === undefined) return <Children entries={entries} depth={depth} openDepth={openDepth} />;
  return (
    <details open={depth < openDepth}>
      <summary className="rounded-small hover:bg-hover">
        {label}
        <span className="text-ink-faint">
          {Array.isArray(value) ? `${entries.length} items` : `${entries.length} fields`}
        </span>
      </summary>
      <div className="pl-3 ml-1 border-l border-line">
        <Children entries={entries} depth={depth} openDepth={openDepth} />
      </div>
    </details>
  );
}

function Children({
  entries,
  depth,
  openDepth,
}: {
  entries: (readonly [string, unknown])[];
  depth: number;
  openDepth: number;
}) {
  return (
    <>
      {entries.map(([key, child]) => (
        <Node key={key} name={key} value={child} depth={depth + 1} openDepth={openDepth} />
      ))}
    </>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string') return <InertText text={value} multiline />;
  return <span className="text-token-option">{String(value)}</span>;
}
