import type { RenderedRole } from '../environment-roles.ts';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, DOCUMENTS, faults, ok, present, type Verdict, wrong } from './line.ts';
import { mendedByStack } from './made-by-stacks.ts';
import { policyDifferences } from './policy-differences.ts';
import type { FoundRole, Sight } from './ports.ts';

/** A role, who may assume it, and what it may do. A role that is missing is one line. */
export function roleLines(
  role: RenderedRole,
  found: Promise<FoundRole | undefined>,
  place: AgreedEnvironment,
  sight: Sight,
): readonly Asked[] {
  const { name } = role;
  const { account } = sight;
  const line = (what: string, about: string, verdict: Promise<Verdict>): Asked => ({
    id: `role/${name}${what}`,
    about: `${about}${name}`,
    verdict,
  });
  const policies = Promise.all([account.inlinePolicies(name), account.attachedPolicies(name)]);
  return [
    line('', 'role ', mendedByStack(place, sight, name, judgedRole(role, found))),
    line(
      '/trust',
      'trust of ',
      mendedByStack(
        place,
        sight,
        name,
        ofRole(found, ({ trust }) => judgeTrust(role, trust)),
      ),
    ),
    line(
      '/policies',
      'policies of ',
      ofRole(
        Promise.all([found, policies]).then(([is, both]) => is && both),
        ([inline, attached]) => judgePolicies(role, inline ?? {}, attached ?? []),
      ),
    ),
  ];
}

/** Of a role that is missing its own line says so, and nothing else is wrong with it. */
function ofRole<T>(asked: Promise<T | undefined>, judge: (found: T) => Verdict): Promise<Verdict> {
  return present(asked, ok('the role is missing, as its own line says'), judge);
}

function judgedRole(role: RenderedRole, asked: Promise<FoundRole | undefined>): Promise<Verdict> {
  const { name, path, maxSessionDuration, boundary } = role;
  const make = `aws iam create-role --role-name ${name} --path ${path} --max-session-duration ${maxSessionDuration} --assume-role-policy-document file://${DOCUMENTS}/roles/${name}/trust.json${boundary ? ` --permissions-boundary ${boundary.arn}` : ''}`;
  return present(asked, wrong('there is none', make), (found) =>
    faults(
      [
        ...(found.path === path
          ? []
          : [
              {
                fault: `its path is ${found.path}, and ${path} is agreed, which is a part of its ARN`,
                mend: `aws iam delete-role --role-name ${name} && ${make}`,
              },
            ]),
        ...(found.maxSessionDuration === maxSessionDuration
          ? []
          : [
              {
                fault: `a session lasts up to ${found.maxSessionDuration} seconds, and ${maxSessionDuration} are agreed`,
                mend: `aws iam update-role --role-name ${name} --max-session-duration ${maxSessionDuration}`,
              },
            ]),
        ...(boundary === undefined || found.boundary === boundary.arn
          ? []
          : [
              {
                fault: `its boundary is ${found.boundary ?? 'missing'}, and ${boundary.arn} is agreed`,
                mend: `aws iam put-role-permissions-boundary --role-name ${name} --permissions-boundary ${boundary.arn}`,
              },
            ]),
      ],
      found.arn,
    ),
  );
}

function judgeTrust({ kind, name, trust }: RenderedRole, found: unknown): Verdict {
  if (kind === 'break-glass')
    return ok('it changes with each grant, and each run of break-glass.yml judges it');
  const differences = policyDifferences(trust, found);
  if (differences.length === 0) return ok('as in the contract');
  return wrong(
    differences.join('; '),
    `aws iam update-assume-role-policy --role-name ${name} --policy-document file://${DOCUMENTS}/roles/${name}/trust.json`,
  );
}

/** What the tasks themselves and people in an incident may do is not rendered: then only the names count. */
function judgePolicies(
  { kind, name, policies, optional }: RenderedRole,
  inline: Readonly<Record<string, unknown>>,
  attached: readonly string[],
): Verdict {
  if (kind === 'task') return ok("they are the customer's own");
  const put = (called: string, folder: string) =>
    `aws iam put-role-policy --role-name ${name} --policy-name ${called} --policy-document file://${DOCUMENTS}/roles/${name}/${folder}/${called}.json`;
  const differing = (of: Readonly<Record<string, unknown>>, folder: string) =>
    Object.entries(of).flatMap(([called, text]) => {
      const there = inline[called];
      if (there === undefined || kind === 'break-glass') return [];
      const differences = policyDifferences(text, there);
      if (differences.length === 0) return [];
      return [{ fault: `${called}: ${differences.join(', ')}`, mend: put(called, folder) }];
    });
  return faults(
    [
      ...Object.keys(policies)
        .filter((called) => inline[called] === undefined)
        .map((called) => ({ fault: `${called} is missing`, mend: put(called, 'policies') })),
      ...differing(policies, 'policies'),
      ...differing(optional, 'optional'),
      ...Object.keys(inline)
        .filter((called) => !(called in policies || called in optional))
        .map((called) => ({
          fault: `${called} is not in the contract's`,
          mend: `aws iam delete-role-policy --role-name ${name} --policy-name ${called}`,
        })),
      ...attached.map((arn) => ({
        fault: `${arn} is attached`,
        mend: `aws iam detach-role-policy --role-name ${name} --policy-arn ${arn}`,
      })),
    ],
    kind === 'break-glass' ? 'it has those of the contract' : 'as in the contract',
  );
}

/** A managed policy that bounds roles; several may share one. */
export function boundaryLine({ name, boundary }: RenderedRole, { account }: Sight): readonly Asked[] {
  if (boundary === undefined) return [];
  const { arn, document } = boundary;
  const called = arn.split('/').at(-1) ?? '';
  const path = arn.replace(/^.*:policy|[^/]+$/g, '');
  const file = `--policy-document file://${DOCUMENTS}/roles/${name}/boundary.json`;
  const make = `aws iam create-policy --policy-name ${called} --path ${path} ${file}`;
  const verdict = present(account.managedPolicy(arn), wrong('there is none', make), (text) => {
    const differences = policyDifferences(document, text);
    if (differences.length === 0) return ok('as in the contract');
    const mend = `aws iam create-policy-version --set-as-default --policy-arn ${arn} ${file}`;
    return wrong(differences.join('; '), mend);
  });
  return [{ id: `boundary/${called}`, about: `boundary ${called}`, verdict }];
}
