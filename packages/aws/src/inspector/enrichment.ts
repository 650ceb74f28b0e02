import type { Json, Role } from '@tenant-delivery/domain';
import type { Enriched, Enrichment, Finding } from '@tenant-delivery/findings';
import { numberIn, objectIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { restCaller } from '../by-hand/signed-call.ts';
import { messageOf, required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { INSPECTOR } from './inspector.ts';

const BATCH = 10; // the most findings that BatchGetFindingDetails and one filter of ListFindings take
const AT_ONCE = 4; // batches under way

type Call = ReturnType<typeof restCaller>;

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
  const call = restCaller(INSPECTOR, session.clientConfig(role));
  return {
    async enrich(findings) {
      const troubles: string[] = [];
      const vulnerabilityOf = new Map<string, string>();
      for (const [vulnerability, arn] of arnsOf(findings)) vulnerabilityOf.set(arn, vulnerability);
      const facts = new Map<string, Facts>();
      const arns = [...vulnerabilityOf.keys()];
      await inBatches(arns, troubles, (batch) => details(call, batch, vulnerabilityOf, facts, troubles));
      const unscored = arns.filter((arn) => facts.get(vulnerabilityOf.get(arn) ?? '')?.epss === undefined);
      await inBatches(unscored, troubles, (batch) => scores(call, batch, vulnerabilityOf, facts));
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
  call: Call,
  findingArns: readonly string[],
  vulnerabilityOf: ReadonlyMap<string, string>,
  facts: Map<string, Facts>,
  troubles: string[],
): Promise<void> {
  const sent = call('/findings/details/batch/get', { findingArns: [...findingArns] });
  const answer = await translated('inspector2:BatchGetFindingDetails', sent);
  // The same sentence for each of many, so that it is said once.
  for (const error of objectsIn(answer, 'errors') ?? []) {
    troubles.push(
      `Amazon Inspector says ${textIn(error, 'errorCode') ?? 'nothing'} of findings that it listed`,
    );
  }
  for (const detail of required(objectsIn(answer, 'findingDetails'), 'findingDetails')) {
    const vulnerability = vulnerabilityOf.get(textIn(detail, 'findingArn') ?? '');
    if (vulnerability === undefined) continue;
    const epss = numberIn(detail, 'epssScore');
    facts.set(vulnerability, {
      kev: kevIn(detail),
      ...(isScore(epss) && { epss }),
      ...(objectIn(detail, 'exploitObserved') && { exploited: true }),
    });
  }
}

/** No entry at all is not listed; an entry without its day proves neither. */
function kevIn(detail: Json): Enriched['kev'] {
  const listed = objectIn(detail, 'cisaData');
  if (listed === undefined) return 'none';
  const [added, due] = [dayIn(listed, 'dateAdded'), dayIn(listed, 'dateDue')];
  return added === undefined ? 'unknown' : { added, ...(due !== undefined && { due }) };
}

async function scores(
  call: Call,
  findingArns: readonly string[],
  vulnerabilityOf: ReadonlyMap<string, string>,
  facts: Map<string, Facts>,
): Promise<void> {
  const filterCriteria = { findingArn: findingArns.map((value) => ({ comparison: 'EQUALS', value })) };
  for (let token: string | undefined; ; ) {
    const sent = call('/findings/list', {
      filterCriteria,
      maxResults: 100,
      ...(token && { nextToken: token }),
    });
    const answer = await translated('inspector2:ListFindings', sent);
    for (const finding of required(objectsIn(answer, 'findings'), 'findings')) {
      const vulnerability = vulnerabilityOf.get(textIn(finding, 'findingArn') ?? '');
      if (vulnerability === undefined) continue;
      facts.set(vulnerability, { ...facts.get(vulnerability), epss: epssIn(finding) });
    }
    const next = textIn(answer, 'nextToken');
    if (!next || next === token) return;
    token = next;
  }
}

function epssIn(finding: Json): Enriched['epss'] {
  const epss = objectIn(finding, 'epss');
  if (epss === undefined) return 'none';
  const score = numberIn(epss, 'score');
  return isScore(score) ? score : 'unknown';
}

function enrichedOf({ vulnerability, exploit }: Finding, facts: ReadonlyMap<string, Facts>): Enriched {
  const { epss = 'unknown', kev = 'unknown', exploited } = facts.get(vulnerability) ?? {};
  return { epss, kev, exploit: exploited ? 'yes' : (exploit ?? 'unknown') };
}

function isScore(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1;
}

function dayIn(answer: Json, name: string): string | undefined {
  const seconds = numberIn(answer, name);
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 10);
}
