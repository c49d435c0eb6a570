import { useEffect, useState } from 'react';
import { sha256Hex } from '../command/sha256.js';

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
