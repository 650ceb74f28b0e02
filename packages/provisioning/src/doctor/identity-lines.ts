import { measure, tooLarge } from '../sizes.ts';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, faults, judged, ok, present, wrong } from './line.ts';
import type { FoundRole, Sight } from './ports.ts';
import { boundaryLine, roleLines } from './role-lines.ts';

/** Whom the account believes, each role with its policies, and how much room IAM leaves. */
export function identityLines(place: AgreedEnvironment, sight: Sight): readonly Asked[] {
  const looked = place.rendered.roles.map((role) => ({ role, found: sight.account.role(role.name) }));
  const roles = looked.map(({ found }) => found);
  const bounded = new Map(place.rendered.roles.map((role) => [role.boundary?.arn, role]));
  return [
    provider(place, sight),
    ...looked.flatMap(({ role, found }) => roleLines(role, found, place, sight)),
    ...[...bounded.values()].flatMap((role) => boundaryLine(role, sight)),
    quotas(place, sight, roles),
  ];
}

/**
 * GitHub's OIDC provider. Its thumbprints are not judged: IAM adds one by itself, and checks GitHub's certificate by its own
 * list of authorities ("Obtain the thumbprint for an OpenID Connect identity provider", IAM user guide).
 */
function provider({ contract, rendered }: AgreedEnvironment, { account }: Sight): Asked {
  const { url, audiences } = rendered.provider;
  const arn = `arn:${contract.partition}:iam::${contract.account}:oidc-provider/${url.replace('https://', '')}`;
  const missing = wrong(
    'there is none, so no job gets a session',
    `aws iam create-open-id-connect-provider --url ${url} --client-id-list ${audiences.join(' ')}`,
  );
  return {
    id: 'oidc-provider',
    about: "GitHub's OIDC provider",
    verdict: present(account.audiences(arn), missing, (found) =>
      faults(
        audiences
          .filter((audience) => !found.includes(audience))
          .map((audience) => ({
            fault: `it does not take the audience ${audience}`,
            mend: `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${audience}`,
          })),
        `it takes ${found.join(', ')}`,
      ),
    ),
  };
}

/** The documents against the quotas of this account, and the roles that are still to be made against what is left. */
function quotas(
  { rendered }: AgreedEnvironment,
  { account }: Sight,
  roles: readonly Promise<FoundRole | undefined>[],
): Asked {
  const missing = Promise.all(roles).then((all) => all.filter((found) => found === undefined).length);
  const ask =
    'Ask for more in Service Quotas, IAM, in the account: aws service-quotas request-service-quota-increase';
  return {
    id: 'iam-quotas',
    about: 'what IAM has room for',
    verdict: judged(Promise.all([account.quotas(), missing]), ([{ roles: room, trust, inline }, toMake]) => {
      const left = room.most - room.used;
      const own = { trust, 'inline policies': inline } as const;
      const sizes = measure(rendered).map((each) =>
        each.document === 'trust' || each.document === 'inline policies'
          ? { ...each, quota: own[each.document] }
          : each,
      );
      const longest = (document: string) =>
        Math.max(0, ...sizes.filter((each) => each.document === document).map(({ size }) => size));
      return faults(
        [
          ...(toMake > left
            ? [{ fault: `${toMake} roles are to be made, and ${left} of ${room.most} are left`, mend: ask }]
            : []),
          ...tooLarge(sizes).map(({ document, name, size, quota, unit }) => ({
            fault: `the ${document} of ${name} has ${size} ${unit} of the ${quota} that AWS takes`,
            mend: ask,
          })),
        ],
        `${room.used} of ${room.most} roles; the longest trust has ${longest('trust')} of ${trust} characters, the longest policies ${longest('inline policies')} of ${inline}`,
      );
    }),
  };
}

/** Of whom the credentials are. With another account's, nothing that AWS says would be about this tenant. */
export function accountLine({ contract }: AgreedEnvironment, { account }: Sight): Asked {
  return {
    id: 'account',
    about: 'the account of these credentials',
    verdict: judged(account.account(), (found) =>
      found === contract.account
        ? ok(found)
        : wrong(
            `they are of ${found}, and the contract is for ${contract.account}`,
            `Run it with a profile of ${contract.account}: --profile NAME`,
          ),
    ),
  };
}
