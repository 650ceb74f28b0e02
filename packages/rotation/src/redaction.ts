import type { Masker } from './secret.ts';

const REDACTED = '[redacted]';

/** Remembers every form of every secret that was born, to take them out of texts that others made. */
export interface Redaction extends Masker {
  clean(text: string): string;
}

export function redaction(next: Masker): Redaction {
  const forms = new Set<string>();
  return {
    mask: (text) => {
      if (forms.has(text)) return; // the runner hides it already
      forms.add(text);
      next.mask(text);
    },
    clean: (text) => [...forms].reduce((said, form) => said.replaceAll(form, REDACTED), text),
  };
}
