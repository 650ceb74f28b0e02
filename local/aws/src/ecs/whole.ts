import { AwsError } from '../world/service.ts';

/** A count or a time that a request may give. */
export function whole(value: number | undefined, name: string): number | undefined {
  if (value !== undefined && (!Number.isInteger(value) || value < 0)) {
    throw new AwsError('InvalidParameterException', `${name} must be a whole number, not negative.`);
  }
  return value;
}
