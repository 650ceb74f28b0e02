import { type Given, integer, optional, text } from '@tenant-delivery/action-kit/readers';
import { ACCOUNT, CHANGE_ID, ENVIRONMENT, REGION, SERVICE, TENANT } from '@tenant-delivery/domain';

/** The inputs that every action has. They only point to a place, and nothing believes them until the contract confirms them. */
export const targetInputs = {
  tenant: text('the tenant id of the contract, such as acme', TENANT),
  environment: text('the environment of the contract, such as prod', ENVIRONMENT),
  account: text('the AWS account id, 12 digits in quotes', ACCOUNT),
  region: text('the AWS region, such as eu-west-1', REGION),
  service: text('the service name of the contract, such as orders', SERVICE),
};

export const changeInputs = {
  ...targetInputs,
  change: text(
    'the id of a change, chg_ and 26 letters and digits, as its run shows it (in a workflow, the `change` output of open-change)',
    CHANGE_ID,
  ),
};

/** An App that may only read: how a job that looks sees the customers' repositories. */
export const readerAppInputs = {
  'reader-app-id': optional(integer(1, Number.MAX_SAFE_INTEGER)),
  'reader-app-key': optional(text('the private key of the App, in PEM')),
};

/** Both are of one App, so they are given together. */
export function readerAppMistakes(given: Given<typeof readerAppInputs>): readonly string[] {
  const [id, key] = [given['reader-app-id'], given['reader-app-key']];
  return (id === undefined) === (key === undefined)
    ? []
    : ['reader-app-id and reader-app-key are of one App: give both, or neither'];
}
