import { failure } from '@tenant-delivery/action-kit/failure';

const asAwsSaid = (what: string, said: string, cause?: unknown) => ({
  message: `${what}: ${said}`,
  ...(cause !== undefined && { cause }),
});

/** The statement that the caller's policy lacks; none where something denies by name, which no permission lifts. */
function lacking(action: string, said: string): readonly string[] {
  const named = /^[\w-]+:\w+/.exec(action)?.[0];
  if (named === undefined || /explicit deny/i.test(said)) return [];
  const resource = /on resource: (arn:[^\s"]+)/.exec(said)?.[1] ?? '*';
  return [`its policy needs {"Effect": "Allow", "Action": "${named}", "Resource": "${resource}"}`];
}

export const failures = {
  awsDenied: failure(
    'AWS_DENIED',
    (action: string, said: string, cause?: unknown) => ({
      ...asAwsSaid(`AWS denied ${action}`, said, cause),
      details: lacking(action, said),
    }),
    "Allow the action in the message for this step's role. Under a contract, templates/iam has the policy of each role; without one, the README of the action has the policy that its credentials need. If the policy allows it already, a permissions boundary, a service control policy or the resource itself denies it.",
  ),
  awsSessionExpired: failure(
    'AWS_SESSION_EXPIRED',
    (action: string, said: string, cause?: unknown) =>
      asAwsSaid(`The session ended before ${action} was done`, said, cause),
    "Run the job again. If the runner's clock is wrong, correct it.",
  ),
  awsThrottled: failure(
    'AWS_THROTTLED',
    (action: string, said: string, cause?: unknown) =>
      asAwsSaid(`AWS kept refusing ${action} as too frequent, even after several tries`, said, cause),
    'Run the job again later. If it happens often, ask the provider for a higher quota in this account.',
  ),
  awsUnknownOutcome: failure(
    'AWS_UNKNOWN_OUTCOME',
    (action: string, said: string, cause?: unknown) =>
      asAwsSaid(`${action} was sent, and no answer of AWS could be read`, said, cause),
    'Nobody knows yet whether it took effect. Run the job again: it looks at what is there before it acts.',
  ),
  /** The same of a question, which has no outcome that anybody would have to look for. */
  awsUnread: failure(
    'AWS_UNKNOWN_OUTCOME',
    (action: string, said: string, cause?: unknown) =>
      asAwsSaid(`AWS gave no readable answer to ${action}`, said, cause),
    'Asking changed nothing. Run the job again. If it happens again, check that this runner reaches AWS, and that HTTPS_PROXY and NO_PROXY are right if it goes through a proxy.',
  ),
  awsUnavailable: failure(
    'AWS_UNAVAILABLE',
    (action: string, said: string, cause?: unknown) => asAwsSaid(`AWS could not do ${action}`, said, cause),
    'Run the job again later. The AWS Health Dashboard says whether the region has trouble.',
  ),
  awsRefused: failure(
    'AWS_REFUSED',
    (action: string, said: string, cause?: unknown) => asAwsSaid(`AWS refused ${action}`, said, cause),
    'Read what AWS said, and compare the account, the region and the resource in it with the inputs and the contract. The resource may be absent there, or in a state that does not allow this.',
  ),
  awsCredentialsMissing: failure(
    'AWS_CREDENTIALS_MISSING',
    (action: string, cause?: unknown) => ({
      message: `There are no AWS credentials for ${action}; nothing was sent.`,
      ...(cause !== undefined && { cause }),
    }),
    'Give credentials for the account: at a terminal as for the aws command line, for example with AWS_PROFILE; in a job with an earlier step, such as aws-actions/configure-aws-credentials.',
  ),
  awsEmptyReply: failure(
    'AWS_EMPTY_REPLY',
    (what: string) => `AWS answered without ${what}.`,
    'An answer that lacks its content does not mean "nothing there". Run the job again; if it happens again, open an issue with the log.',
  ),
  tokenExpired: failure(
    'OIDC_TOKEN_EXPIRED',
    (said: string, cause?: unknown) =>
      asAwsSaid('The OIDC token of this job had expired when AWS saw it', said, cause),
    "Run the job again. If the runner's clock is wrong, correct it.",
  ),
  tokenAudience: failure(
    'OIDC_AUDIENCE_WRONG',
    (audience: string, said: string, cause?: unknown) =>
      asAwsSaid(`AWS does not accept the audience ${audience} of this job's OIDC token`, said, cause),
    "Add the audience sts.amazonaws.com to the client ids of the account's OIDC provider, and test `aud` for it in the role's trust policy.",
  ),
  tokenRefused: failure(
    'OIDC_TOKEN_REFUSED',
    (account: string, said: string, cause?: unknown) =>
      asAwsSaid(`AWS account ${account} does not accept this job's OIDC token`, said, cause),
    "Check that the account has an OIDC provider for the issuer of this GitHub (templates/iam) and that `account` is the tenant's.",
  ),
  roleNotAssumed: failure(
    'ROLE_NOT_ASSUMED',
    (role: string, job: string, facts: readonly string[], cause?: unknown) => ({
      message: `This job of ${job} may not assume ${role}.`,
      details: facts,
      ...(cause !== undefined && { cause }),
    }),
    "Correct `tenant`, `environment` and `account` of the workflow if one of them is not yours. Then look at the branch, and at the release in `uses:`: the contract lists those that may deliver. If all of this is right, send these lines to the provider, who compares each with the condition of the same name in the role's trust policy. AWS does not say which condition failed.",
  ),
  endpointRefused: failure(
    'ENDPOINT_REFUSED',
    (variables: readonly string[]) => ({
      message: `The environment sends requests for AWS to another address: ${variables.join(', ')}.`,
      details: variables,
    }),
    "Remove these variables: a release asks AWS only at AWS's own addresses. A copy for local-aws says so in its trust file, and then every endpoint is on this machine.",
  ),
  trustInvalid: failure(
    'TRUST_INVALID',
    (file: string, mistakes: readonly string[]) => ({
      message: `${file} is not a valid trust file: ${mistakes.join('; ')}.`,
      details: mistakes,
    }),
    'The provider corrects trust/provider.json of the release: one entry for each public key, as docs/security.md shows.',
  ),
  vaultElsewhere: failure(
    'REGION_MISMATCH',
    (bucket: string, said: string, cause?: unknown) =>
      asAwsSaid(`The vault ${bucket} is in another region than the one that the workflow names`, said, cause),
    'Correct `region` of the workflow.',
  ),
  vaultNotFound: failure(
    'VAULT_NOT_FOUND',
    (bucket: string, account: string) => `There is no vault ${bucket} in account ${account}.`,
    'Check tenant, environment, account and region of the workflow. The provider makes the vault from templates/iam.',
  ),
};
