import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { announce } from './announcer.js';
import { IconButton } from './button.js';
import { classNames } from './class-names.js';
import { notify } from './notices.js';

export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce('Copied');
    } catch {
      notify('bad', 'The browser did not allow copying. Select the text and copy it by hand.');
    }
  };
  return (
    <IconButton label={label} onClick={copy} className={classNames('size-7', className)}>
      {copied ? <Check size={14} aria-hidden="true" className="text-low" /> : <Copy size={14} aria-hidden="true" />}
    </IconButton>
  );
}

/** An id, shortened for the eye, whole for the clipboard. */
export function Identifier({ id, label = 'Copy id' }: { id: string; label?: string }) {
  return (
    <span className="inline-flex items-center gap-0.5 -my-0.5 h-5 font-mono text-small text-ink-faint">
      <span title={id}>{shortId(id)}</span>
      <CopyButton text={id} label={label} className="size-6" />
    </span>
  );
}

function shortId(id: string): string {
  const [prefix, rest] = id.split('_');
  return rest === undefined || rest.length <= 8 ? id : `${prefix}_…${rest.slice(-6)}`;
}
