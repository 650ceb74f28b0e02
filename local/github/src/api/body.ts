import type { Call } from './call.ts';
import { validationFailed } from './errors.ts';

/** Readers of a request's body that refuse as GitHub does. */
export interface BodyReader {
  /** A text that must be there. */
  text(field: string): string;
  optionalText(field: string): string | undefined;
  /** An address of the web: GitHub takes no other. */
  optionalUrl(field: string): string | undefined;
  optionalBoolean(field: string): boolean | undefined;
  oneOf<Value extends string>(field: string, values: readonly Value[]): Value;
  optionalOneOf<Value extends string>(field: string, values: readonly Value[]): Value | undefined;
  integers(field: string): readonly number[];
}

export function bodyOf({ body }: Pick<Call, 'body'>, resource: string): BodyReader {
  const missing = (field: string) => validationFailed({ resource, field, code: 'missing_field' });
  const invalid = (field: string, message: string) =>
    validationFailed({ resource, field, code: 'invalid', message });

  const optionalText = (field: string): string | undefined => {
    const value = body[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw invalid(field, `${field} is not a string.`);
    return value;
  };
  const optionalOneOf = <Value extends string>(field: string, values: readonly Value[]) => {
    const value = optionalText(field);
    const found = values.find((each) => each === value);
    if (value !== undefined && found === undefined) {
      throw invalid(field, `${field} must be one of: ${values.join(', ')}.`);
    }
    return found;
  };
  const optionalUrl = (field: string) => {
    const value = optionalText(field);
    if (value === undefined || value === '' || /^https?:\/\/\S+$/.test(value)) return value;
    throw invalid(field, `${field} must use http(s) scheme`);
  };
  return {
    optionalText,
    optionalUrl,
    optionalOneOf,
    text: (field) => {
      const value = optionalText(field);
      if (value === undefined) throw missing(field);
      return value;
    },
    optionalBoolean: (field) => {
      const value = body[field];
      if (value === undefined || value === null) return undefined;
      if (typeof value !== 'boolean') throw invalid(field, `${field} is not a boolean.`);
      return value;
    },
    oneOf: (field, values) => {
      const value = optionalOneOf(field, values);
      if (value === undefined) throw missing(field);
      return value;
    },
    integers: (field) => {
      const value = body[field];
      if (value === undefined) throw missing(field);
      if (!Array.isArray(value) || !value.every((each) => Number.isInteger(each))) {
        throw invalid(field, `${field} is not an array of integers.`);
      }
      return value;
    },
  };
}
