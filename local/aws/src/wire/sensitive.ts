import type { NormalizedSchema } from '@smithy/core/schema';
import { members } from './shape.ts';

/** A value as it may be kept: what the schema calls sensitive (secrets, tokens, pre-shared keys) is left out, at any depth. */
export function withoutSecrets(schema: NormalizedSchema, value: unknown, within = false): unknown {
  if (value === undefined || value === null) return value;
  const hidden = within || Boolean(schema.getMergedTraits()['sensitive']);
  if (schema.isListSchema() && Array.isArray(value))
    return value.map((item) => withoutSecrets(schema.getValueSchema(), item, hidden));
  if (schema.isMapSchema() && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        withoutSecrets(schema.getValueSchema(), item, hidden),
      ]),
    );
  if (!schema.isStructSchema() || typeof value !== 'object') return hidden ? '(sensitive)' : value;
  const known = new Map(members(schema));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const member = known.get(name);
      return [name, member ? withoutSecrets(member, item, hidden) : item];
    }),
  );
}
