import { AwsError } from '../world/service.ts';
import { whole } from './whole.ts';

const DAY = 1_440; // minutes

export function minutes(value: number | undefined, name: string): number | undefined {
  if (whole(value, name) !== undefined && (value ?? 0) > DAY) {
    throw invalid(`${name} must be between 0 and ${DAY}.`);
  }
  return value;
}

/** Multiples of 0.1. */
export function percent(value: number | undefined, least: number, name: string): number | undefined {
  if (value === undefined) return undefined;
  const tenths = Math.round(value * 10);
  if (value < least || value > 100 || Math.abs(value * 10 - tenths) > 1e-6) {
    throw invalid(`${name} must be a multiple of 0.1 from ${least} to 100.`);
  }
  return tenths / 10;
}

export const invalid = (message: string) => new AwsError('InvalidParameterException', message);
