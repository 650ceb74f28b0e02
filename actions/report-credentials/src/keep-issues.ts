import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { lastRotationOf, type Report, type Row } from '@tenant-delivery/credentials/report/row';
import type { Issues } from '@tenant-delivery/delivery/github-ports';

const MOST_NEW = 30; // of one run: GitHub takes 80 new contents in a minute ("Rate limits for the REST API")
const BODY = 60_000; // characters; GitHub refuses more than 65,536

export interface Kept {
  readonly opened: readonly string[];
  readonly updated: readonly string[];
  readonly closed: readonly string[];
  /** Credentials that are left for the next run. */
  readonly left: readonly string[];
}

/**
 * One issue for each credential that is overdue or held: opened with the first bad news, rewritten while it lasts, closed
 * when it is mended. What is unknown opens none and closes none: the run fails for it, and nobody knows whether it is mended.
 */
export async function keepIssues(issues: Issues, repository: string, report: Report): Promise<Kept> {
  const place = markerOf(report, '');
  const open = new Map(
    (await issues.openAll(repository, place)).flatMap((issue) => {
      const id = idIn(issue.body, place);
      return id === undefined ? [] : [[id, issue] as const];
    }),
  );
  const [opened, updated, closed, left]: string[][] = [[], [], [], []];
  for (const row of report.rows) {
    const known = open.get(row.id);
    open.delete(row.id);
    const bad = row.state === 'overdue' || row.state === 'hold';
    if (!known && !bad) continue;
    if (!known) {
      if ((opened?.length ?? 0) >= MOST_NEW) left?.push(row.id);
      else opened?.push((await issues.create(repository, titleOf(row, report), bodyOf(row, report))).url);
    } else if (bad || row.state === 'unknown') {
      // rewritten only where something is new to say: the age grows by itself
      const body = bodyOf(row, report);
      if (body !== known.body) await issues.update(repository, known.number, { body });
      updated?.push(known.url);
    } else {
      const said = `It is ${row.state} again: ${row.why}`;
      await close(issues, repository, known.number, said, bodyOf(row, report));
      closed?.push(known.url);
    }
  }
  for (const { number, url } of open.values()) {
    await close(issues, repository, number, 'The contract names no such credential any more.');
    closed?.push(url);
  }
  return { opened: opened ?? [], updated: updated ?? [], closed: closed ?? [], left: left ?? [] };
}

async function close(issues: Issues, repository: string, number: number, said: string, body?: string) {
  await issues.comment(repository, number, escapeMarkdown(said));
  await issues.update(repository, number, { state: 'closed', ...(body !== undefined && { body }) });
}

/** By its first line the issue of a credential is found again. */
export function markerOf({ tenant, environment }: Report, id: string): string {
  return `<!-- tenant-delivery:credential:${tenant}/${environment}/${id === '' ? '' : `${Buffer.from(id).toString('base64url')} -->`}`;
}

function idIn(body: string, place: string): string | undefined {
  const encoded = /^([\w-]{1,400}) -->/.exec(body.slice(place.length))?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString();
}

function titleOf({ id, state }: Row, { tenant, environment }: Report): string {
  const is = state === 'overdue' ? 'is overdue for its rotation' : 'waits for somebody to decide';
  return `Credential ${id} of ${tenant} ${environment} ${is}`.slice(0, 250);
}

/** What somebody needs to act, without what changes from run to run although nothing happened. */
function bodyOf(row: Row, report: Report): string {
  const { id, subject, kind, state, owner, consumers, bornAt, maxAgeDays, why, facts, remedy } = row;
  const lines = [
    `**${state}**: ${escapeMarkdown(why)}`,
    `**What to do:** ${escapeMarkdown(remedy)}`,
    ...(row.replacement === null ? [] : [`**In its place:** ${escapeMarkdown(row.replacement)}`]),
    [
      `- ${escapeMarkdown(subject)} (${kind}), account ${report.account}`,
      `- owner: ${escapeMarkdown(owner.join(', ')) || 'nobody is named'}`,
      `- consumers: ${escapeMarkdown(consumers.join(', ')) || 'none are named'}`,
      `- made ${bornAt ?? 'at an unknown time'}, may become ${maxAgeDays ?? 'an unknown number of'} days old`,
      `- last rotation: ${escapeMarkdown(lastRotationOf(row))}`,
      ...facts.map((fact) => `- ${escapeMarkdown(fact)}`),
    ].join('\n'),
    'This text is rewritten by the report, which closes the issue when the credential is well again.',
  ];
  return `${markerOf(report, id)}\n${lines.join('\n\n')}`.slice(0, BODY);
}
