import { useEffect, useState } from 'react';

/** SHA-256 (lowercase hex) of a text's UTF-8 bytes; null where the page is not served securely and the browser refuses. */
export async function sha256Hex(text: string): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The hash of what this page shows. A vote names it instead of repeating the server's own: so the person votes for the
 * text that was on the screen, whatever the server believes it sent.
 */
export function useShownHash(text: string): string | null | 'unavailable' {
  const [hash, setHash] = useState<{ of: string; is: string | 'unavailable' } | null>(null);
  useEffect(() => {
    let abandoned = false;
    void sha256Hex(text).then((value) => {
      if (!abandoned) setHash({ of: text, is: value ?? 'unavailable' });
    });
    return () => {
      abandoned = true;
    };
  }, [text]);
  return hash?.of === text ? hash.is : null;
}
