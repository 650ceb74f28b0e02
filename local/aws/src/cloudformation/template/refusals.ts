import { AwsError } from '../../world/service.ts';

export const invalid = (message: string) => new AwsError('ValidationError', message);

/** What AWS has and this double does not: said by its name, so that nobody takes silence for consent. */
export const notHere = (what: string) =>
  new AwsError('NotImplemented', `local-aws does not implement ${what} of CloudFormation.`, 501);
