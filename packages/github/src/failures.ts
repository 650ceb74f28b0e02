import type { RequestError } from '@octokit/request-error';
import { failure } from '@tenant-delivery/action-kit/failure';

/** A request as GitHub documents it: `GET /repos/acme/orders`. */
const routeOf = ({ request }: RequestError) => `${request.method} ${pathOf(request.url)}`;

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url);

export const failures = {
  permissionMissing: failure(
    'GITHUB_PERMISSION_MISSING',
    (refused: RequestError) => ({
      message: `GitHub did not allow ${routeOf(refused)}: ${refused.message}`,
      cause: refused,
    }),
    "Compare the calling job's `permissions:` block with the README of this action, which lists every permission it needs.",
  ),
  unavailable: failure(
    'GITHUB_UNAVAILABLE',
    (cause: RequestError) => ({
      message: `GitHub did not answer ${routeOf(cause)}: ${cause.message}`,
      cause,
    }),
    "Look at GitHub's status page and run again. Nothing was decided on the missing answer.",
  ),
  answerIncomplete: failure(
    'GITHUB_ANSWER_INCOMPLETE',
    (url: string, problems: readonly string[]) => ({
      message: `GitHub's answer to ${pathOf(url)} lacks what a decision needs: ${problems.join('; ')}`,
      details: problems,
    }),
    'Run again. If it happens again, this GitHub (an older GitHub Enterprise Server, or a proxy before it) does not give the answer that is needed.',
  ),
  secretsRefused: failure(
    'GITHUB_SECRETS_REFUSED',
    (home: string, needed: Readonly<Record<string, string>>, { message, cause }: Error) => ({
      message: `This token may not keep secrets of ${home} (${Object.entries(needed)
        .map(([name, access]) => `${name}: ${access}`)
        .join(', ')}): ${message}`,
      cause,
    }),
    "A job's GITHUB_TOKEN can never write secrets. Install a GitHub App there with the permissions that the message names, and name it in the credential's contract.",
  ),
  appNotInstalled: failure(
    'GITHUB_APP_NOT_INSTALLED',
    (app: number, where: string) => `The GitHub App ${app} is not installed at ${where}`,
    'Install the App in that account and give it this repository, or correct the name in the contract.',
  ),
  appLacksPermissions: failure(
    'GITHUB_APP_LACKS_PERMISSIONS',
    (app: number, lacking: readonly string[]) => ({
      message: `The GitHub App ${app} was not granted what this needs: ${lacking.join('; ')}`,
      details: lacking,
    }),
    'Add the permissions on the settings page of the App, and accept them where it is installed.',
  ),
  appRefused: failure(
    'GITHUB_APP_REFUSED',
    (app: number, said: string) => `GitHub gave the App ${app} no token: ${said}`,
    "Compare the App's id in the contract with its settings page, and its private key in escrow with the keys listed there. A deleted key proves nothing any more.",
  ),
  appKeyUnusable: failure(
    'GITHUB_APP_KEY_UNUSABLE',
    (app: number) => `Escrow does not hold an RSA private key in PEM for the GitHub App ${app}`,
    'Put the file that you downloaded from GitHub into the secret, whole and unchanged.',
  ),
};
