import type { FindingDetail, Finding as InspectorFinding } from '@aws-sdk/client-inspector2';
import type { Role } from '@tenant-delivery/domain';
import type { Finding } from '@tenant-delivery/findings/finding';
import type { Enriched, Enrichment } from '@tenant-delivery/findings/ports';
import { everyRow } from '../errors/every-row.ts';
import { messageOf, required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { type Inspector, inspectorClient } from './inspector.ts';

const BATCH = 10; // the most findings that BatchGetFindingDetails and one filter of ListFindings take
const AT_ONCE = 4; // batches under way

/** What Amazon Inspector says of one vulnerability. */
interface Facts {
  epss?: Enriched['epss'];
  kev?: Enriched['kev'];
  exploited?: boolean;
}

/**
 * KEV and EPSS of Amazon Inspector, which ECR's own findings lack. Both are facts about a vulnerability, so it is asked
 * once for each, whatever number of packages and platforms has it.
 */
export function inspectorEnrichment(session: Pick<Session, 'clientConfig'>, role: Role = 'gate'): Enrichment {
  const inspector = inspectorClient(session.clientConfig(role));
  return {
    async enrich(findings) {
      const troubles: string[] = [];
      const vulnerabilityOf = new Map<string, string>();
      for (const [vulnerability, arn] of arnsOf(findings)) vulnerabilityOf.set(arn, vulnerability);
      const facts = new Map<string, Facts>();
      const arns = [...vulnerabilityOf.keys()];
      await inBatches(arns, troubles, (batch) => details(inspector, batch, vulnerabilityOf, facts, troubles));
      const unscored = arns.filter((arn) => facts.get(vulnerabilityOf.get(arn) ?? '')?.epss === undefined);
      await inBatches(unscored, troubles, (batch) => scores(inspector, batch, vulnerabilityOf, facts));
      const nameless = findings.filter(({ findingArns }) => !findingArns?.length).length;
      if (nameless > 0)
        troubles.push(`${nameless} findings are not Amazon Inspector's, so it cannot be asked`);
      return {
        enriched: findings.map((finding) => enrichedOf(finding, facts)),
        troubles: [...new Set(troubles)],
      };
    },
  };
}

/** One finding to ask about for each vulnerability. */
function arnsOf(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const arns = new Map<string, string>();
  for (const { vulnerability, findingArns } of findings) {
    const [first] = findingArns ?? [];
    if (first !== undefined && !arns.has(vulnerability)) arns.set(vulnerability, first);
  }
  return arns;
}

/** What could not be asked is left unknown, and said. */
async function inBatches(
  arns: readonly string[],
  troubles: string[],
  ask: (batch: readonly string[]) => Promise<void>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(arns.length / BATCH) }, (_, n) =>
    arns.slice(n * BATCH, (n + 1) * BATCH),
  );
  const next = batches.values();
  const worker = async () => {
    for (const batch of next) {
      await ask(batch).catch((cause: unknown) => {
        troubles.push(messageOf(cause));
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, batches.length) }, worker));
}

async function details(
  inspector: Inspector,
  findingArns: readonly string[],
  vulnerabilityOf: ReadonlyMap<string, string>,
  facts: Map<string, Facts>,
  troubles: string[],
): Promise<void> {
  const asked = { findingArns: [...findingArns] };
  const sent = inspector.send((sdk) => new sdk.BatchGetFindingDetailsCommand(asked));
  const { errors = [], findingDetails } = await translated('inspector2:BatchGetFindingDetails', sent);
  // The same sentence for each of many, so that it is said once.
  for (const { errorCode = 'nothing' } of errors)
    troubles.push(`Amazon Inspector says ${errorCode} of findings that it listed`);
  for (const detail of required(findingDetails, 'findingDetails')) {
    const vulnerability = vulnerabilityOf.get(detail.findingArn ?? '');
    if (vulnerability === undefined) continue;
    const epss = detail.epssScore;
    facts.set(vulnerability, {
      kev: kevIn(detail),
      ...(isScore(epss) && { epss }),
      ...(detail.exploitObserved && { exploited: true }),
    });
  }
}

/** No entry at all is not listed; an entry without its day proves neither. */
function kevIn({ cisaData: listed }: FindingDetail): Enriched['kev'] {
  if (listed === undefined) return 'none';
  const [added, due] = [dayOf(listed.dateAdded), dayOf(listed.dateDue)];
  return added === undefined ? 'unknown' : { added, ...(due !== undefined && { due }) };
}

async function scores(
  inspector: Inspector,
  findingArns: readonly string[],
  vulnerabilityOf: ReadonlyMap<string, string>,
  facts: Map<string, Facts>,
): Promise<void> {
  const findingArn = findingArns.map((value) => ({ comparison: 'EQUALS' as const, value }));
  const pages = inspector.pages((sdk, client) =>
    sdk.paginateListFindings(
      { client, stopOnSameToken: true },
      { filterCriteria: { findingArn }, maxResults: 100 },
    ),
  );
  for (const finding of await everyRow('inspector2:ListFindings', pages, 'findings')) {
    const vulnerability = vulnerabilityOf.get(finding.findingArn ?? '');
    if (vulnerability === undefined) continue;
    facts.set(vulnerability, { ...facts.get(vulnerability), epss: epssIn(finding) });
  }
}

function epssIn({ epss }: InspectorFinding): Enriched['epss'] {
  if (epss === undefined) return 'none';
  return isScore(epss.score) ? epss.score : 'unknown';
}

function enrichedOf({ vulnerability, exploit }: Finding, facts: ReadonlyMap<string, Facts>): Enriched {
  const { epss = 'unknown', kev = 'unknown', exploited } = facts.get(vulnerability) ?? {};
  return { epss, kev, exploit: exploited ? 'yes' : (exploit ?? 'unknown') };
}

function isScore(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1;
}

function dayOf(time: Date | undefined): string | undefined {
  return time?.toISOString().slice(0, 10);
}
