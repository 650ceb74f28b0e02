const LONGEST = 1_000; // characters of a message, so that the 5,000 results that GitHub keeps stay inside 10 MB

/** Text that others wrote, for a message: SARIF makes links of brackets. */
export function sarifText(text: string): string {
  const told = text.slice(0, LONGEST).toWellFormed();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return told.replace(/[\u0000-\u001f\u007f]+/g, ' ').replace(/[[\]\\]/g, '\\$&');
}

/** A relative path that leads nowhere else, whatever its parts are called. */
export function sarifPath(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (part === '..' ? '%2E%2E' : encodeURIComponent(part.toWellFormed())))
    .join('/');
}
