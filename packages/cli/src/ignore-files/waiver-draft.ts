import { DAY } from '@tenant-delivery/domain';
import { stringify } from 'yaml';

/** A waiver as far as another tool's entry says it. What is absent somebody has to say. */
export interface WaiverDraft {
  readonly id: string;
  /** `pkg:deb/openssl`. */
  readonly package?: string;
  readonly paths?: readonly string[];
  readonly reason?: string;
  /** The last day, inclusive. */
  readonly expires?: string;
  /** What else the entry says, for which a waiver has no word. */
  readonly notes: readonly string[];
}

/** What was read of a file: drafts, and what is no waiver, each with why. */
export interface Imported {
  readonly drafts: readonly WaiverDraft[];
  readonly left: readonly string[];
}

/** The last whole day (UTC) before a moment at which an entry ends. */
export function lastDayBefore(moment: string): string | undefined {
  const at = new Date(moment).getTime() - DAY;
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : undefined;
}

const MISSING = {
  package: 'the package that has it, such as pkg:deb/openssl',
  repositories: 'the repositories of ECR that it is for, such as [acme/*]',
  reason: 'why it does no harm, in at least 10 characters',
  owner: 'who answers for it',
  approvedBy: 'somebody else, whom the terms let approve',
  expires: 'the last day on which it holds',
} as const;

/** A policy file's `waivers`, with a mark at each member that is missing: it has no value, so that no policy takes it. */
export function renderWaivers({ drafts }: Imported, file: string, today: string): string {
  return [
    `# From ${printable(file)}. Each member that is marked MISSING has no value, and \`tenant-delivery policy lint\` refuses it.`,
    'schemaVersion: 1',
    drafts.length === 0 ? 'waivers: []' : 'waivers:',
    ...drafts.flatMap((draft) => waiverLines(draft, today)),
    '',
  ].join('\n');
}

function waiverLines(draft: WaiverDraft, today: string): readonly string[] {
  const { id, package: name, paths, reason, expires, notes } = draft;
  const said = (key: keyof typeof MISSING, value: string | undefined) =>
    value === undefined ? `    ${key}: # MISSING: ${MISSING[key]}` : `    ${key}: ${flow(value)}`;
  return [
    ...notes.map((note) => `  # ${printable(note)}`),
    `  - id: ${flow(id)}`,
    said('package', name),
    said('repositories', undefined),
    ...(paths && paths.length > 0 ? [`    paths: ${flow(paths)}`] : []),
    said('reason', reason),
    said('owner', undefined),
    said('approvedBy', undefined),
    `    created: ${today}`,
    said('expires', expires),
  ];
}

/** On one line, quoted where YAML asks for it. */
function flow(value: string | readonly string[]): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, blockQuote: false }).trim();
}

/** A comment is one line, whatever the file said. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
