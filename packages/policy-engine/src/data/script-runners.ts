/** Programs that run the file named by their first operand (base names without versions). */
export const SCRIPT_RUNNERS: ReadonlySet<string> = new Set(
  'sh ash bash dash rbash zsh ksh mksh csh tcsh fish source . python pypy ruby perl node nodejs bun deno php lua tclsh expect Rscript pwsh groovy'.split(
    ' ',
  ),
);
