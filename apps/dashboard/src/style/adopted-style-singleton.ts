import { useEffect } from 'react';

/**
 * Stands in for the package `react-style-singleton` (see vite.config.ts), which puts a <style> element into the page.
 * Our content security policy refuses inline styles; a constructed style sheet is a script's own object and allowed.
 * If this broke, dialogs would merely stop locking the scroll of the page behind them.
 */
export function stylesheetSingleton() {
  let users = 0;
  let sheet: CSSStyleSheet | null = null;
  return {
    add(css: string) {
      if (users === 0) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }
      users += 1;
    },
    remove() {
      users -= 1;
      if (users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet);
      sheet = null;
    },
  };
}

export function styleHookSingleton() {
  const singleton = stylesheetSingleton();
  // biome-ignore lint/correctness/noComponentHookFactories: the package's own interface
  return function useStyles(styles: string, isDynamic?: boolean) {
    // The package's contract: the styles are re-read only when they are declared dynamic.
    // biome-ignore lint/correctness/useExhaustiveDependencies: see above
    useEffect(() => {
      singleton.add(styles);
      return () => singleton.remove();
    }, [styles && isDynamic]);
  };
}

export function styleSingleton() {
  const useStyles = styleHookSingleton();
  // biome-ignore lint/correctness/noComponentHookFactories: the package's own interface
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyles(styles, dynamic);
    return null;
  };
}
