import { showUnseen } from './unseen-characters.ts';

const LONGEST = 1_000; // characters of a message, so that the 5,000 results that GitHub keeps stay inside 10 MB

/** Text that others wrote, for a message: SARIF makes links of brackets. */
export function sarifText(text: string): string {
  const told = showUnseen(text.slice(0, LONGEST).toWellFormed(), 'sentence');
  return told.replace(/[\t\n\v\f\r]+/g, ' ').replace(/[[\]\\]/g, '\\$&');
}

/** A relative path that leads nowhere else, whatever its parts are called. */
export function sarifPath(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (part === '..' ? '%2E%2E' : encodeURIComponent(part.toWellFormed())))
    .join('/');
}
