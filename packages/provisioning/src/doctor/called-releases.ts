import { readYamlText } from '@tenant-delivery/action-kit/yaml-text';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { ok, unknown, type Verdict, wrong } from './line.ts';
import type { WorkflowFile } from './ports.ts';

/** One `uses:` of ours in a repository. */
interface CalledRelease {
  readonly file: string;
  /** What follows the `@`: a tag, a branch or a commit. */
  readonly ref: string;
}

/** The releases that a repository's workflows and actions call, against those that the roles trust and the newest. */
export function judgeCalls(
  { contract, provider }: Pick<AgreedEnvironment, 'contract' | 'provider'>,
  files: readonly WorkflowFile[],
  newest: string | undefined,
): Verdict {
  const read = files.map((file) => callsIn(file, provider));
  const unread = read.flatMap((one) => ('unread' in one ? one.unread : []));
  const calls = read.flatMap((one) => ('calls' in one ? one.calls : []));
  const trusted = contract.releases ?? [];
  const faults = [...refsOf(calls)].flatMap(([ref, where]) => {
    if (!trusted.includes(ref))
      return [{ ref, said: `${where.join(', ')} call ${ref}, which the roles do not trust` }];
    const behind = newest !== undefined && ref !== newest && trusted.includes(newest);
    return behind ? [{ ref, said: `${where.join(', ')} call ${ref}, and ${newest} is the newest` }] : [];
  });
  if (faults.length > 0) {
    const wanted = newest !== undefined && trusted.includes(newest) ? newest : trusted.at(-1);
    const others = faults.map(({ ref }) => `@${ref}`).join(' and ');
    return wrong(
      [...faults.map(({ said }) => said), ...unread].join('; '),
      wanted === undefined
        ? 'Name the release in releases of the contract, as docs/upgrading.md says'
        : `Replace ${others} by @${wanted} there, as docs/upgrading.md says`,
    );
  }
  if (unread.length > 0) return unknown(unread.join('; '), 'Correct the YAML of these files');
  const named = [...refsOf(calls).keys()].join(', ');
  return ok(named === '' ? `nothing on its default branch calls ${provider} yet` : `it calls ${named}`);
}

function refsOf(calls: readonly CalledRelease[]): ReadonlyMap<string, readonly string[]> {
  const refs = new Map<string, readonly string[]>();
  for (const { ref, file } of calls) refs.set(ref, [...new Set([...(refs.get(ref) ?? []), file])]);
  return refs;
}

/** A file without our name calls nothing of ours, whether it can be read or not. GitHub takes the name in any case of letters. */
function callsIn(
  { path: file, text }: WorkflowFile,
  provider: string,
): { readonly calls: readonly CalledRelease[] } | { readonly unread: string } {
  const ours = `${provider}/`.toLowerCase();
  if (!text.toLowerCase().includes(ours)) return { calls: [] };
  const yaml = readYamlText(text);
  if ('mistakes' in yaml) return { unread: `${file} could not be read: ${yaml.mistakes[0]}` };
  const used = usesIn(yaml.value).filter((use) => use.toLowerCase().startsWith(ours));
  return { calls: used.map((use) => ({ file, ref: use.slice(use.lastIndexOf('@') + 1) })) };
}

/** Every `uses:` of a job or a step, wherever it is. */
function usesIn(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === 'uses' && typeof value === 'string' ? [value] : usesIn(value),
  );
}
