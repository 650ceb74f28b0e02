/** What YAML, JSON and expressions hold. */
export type Value = null | boolean | number | string | readonly Value[] | Mapping;
export interface Mapping {
  readonly [key: string]: Value;
}
export type Strings = Readonly<Record<string, string>>;

/** Parsed YAML or JSON as a Value; whatever neither can hold becomes null. */
export function toValue(parsed: unknown): Value {
  if (parsed === null || parsed === undefined) return null;
  if (typeof parsed === 'string' || typeof parsed === 'number' || typeof parsed === 'boolean') return parsed;
  if (Array.isArray(parsed)) return parsed.map(toValue);
  if (typeof parsed !== 'object') return null;
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, toValue(value)]));
}

export function isMapping(value: Value | undefined): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function mapping(value: Value | undefined): Mapping {
  return isMapping(value) ? value : {};
}

export function list(value: Value | undefined): readonly Value[] {
  if (value === null || value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** As GitHub turns a value into text (GitHub, "Evaluate expressions": type casting). */
export function text(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (isMapping(value)) return 'Object';
  if (isList(value)) return 'Array';
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Fifteen digits, and an exponent from the sixteenth place on: what .NET, which the runner is written in, calls G15. */
function numberText(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? '0' : String(value);
  const [digits = '', power = ''] = value.toExponential(14).split('e');
  const exponent = Number(power);
  if (exponent > -5 && exponent < 15) return String(Number(value.toPrecision(15)));
  const sign = exponent < 0 ? '-' : '+';
  return `${digits.replace(/\.?0+$/, '')}E${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

export function strings(value: Mapping): Strings {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each)]));
}

/** False, 0, empty text and null are falsy (GitHub, "Evaluate expressions"); to the runner so is NaN. */
export function truthy(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '' && !Number.isNaN(value);
}
