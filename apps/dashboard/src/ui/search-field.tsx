import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../keyboard/use-keys.js';
import { Input } from './field.js';
import { useSettled } from './use-settled.js';

const PAUSE_MS = 250;

interface SearchFieldProps {
  label?: string;
  /** What the address holds. */
  value: string;
  onChange: (text: string) => void;
}

/** Types freely; the address, and so the server, follows when the typing pauses. The key `/` leads here. */
export function SearchField({ label = 'Search commands', value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const settled = useSettled(text, PAUSE_MS);
  const sent = useRef(value);
  const field = useRef<HTMLInputElement>(null);
  useKeys({ search: () => field.current?.focus() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed sets the address
  useEffect(() => {
    if (settled === sent.current) return;
    sent.current = settled;
    onChange(settled);
  }, [settled]);
  useEffect(() => {
    // The address changed by itself: a link, the way back, a button that clears the filters.
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  return (
    <div className="relative flex-1 min-w-56 max-sm:col-span-2">
      <Search size={14} aria-hidden="true" className="absolute left-2.5 top-1/2 -translate-y-1/2 text-ink-faint" />
      <Input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={label}
        className="pl-8"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}
