/**
 * Writes OPERATIONS.md: what each operation is held to, and which suites reach it; and `operations.json`, how much that is at
 * least. `npm run models` runs it, which only raises those numbers, and `operations-table.test.ts` says when something is stale.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NormalizedSchema } from '@smithy/core/schema';
import { constraintsOf } from '../src/constraints/violations.ts';
import { services } from '../src/services/index.ts';
import { modelOf } from '../src/wire/model.ts';
import { members, requiredMembers } from '../src/wire/shape.ts';

const ROOT = join(import.meta.dirname, '../../..');
const HEAD =
  "# Operations\n\nWhat the local AWS holds the input of each operation to. Types are those of the SDK; constraints (required, enum, length, range, pattern, union) those of the models in `src/constraints`; rules those of AWS's pages, in `rules.ts` of each room. `mutations.test.ts` and `models-by-botocore.test.ts` reach every operation; the suites that name it come besides. `npm run models` writes this page.\n";

export interface Row {
  readonly operation: string;
  readonly types: number;
  readonly constraints: number;
  readonly pages: readonly string[];
  readonly suites: number;
}

export async function rows(): Promise<readonly Row[]> {
  const suites = globSync(['local/aws/test/*.test.ts', 'tests/{adapters,stories,witnesses}/*.{ts,py}'], {
    cwd: ROOT,
  }).map((file) => new Set(readFileSync(join(ROOT, file), 'utf8').match(/\b[A-Z]\w+\b/g)));
  const found: Row[] = [];
  for (const { name, sdk, operations, rules = [] } of services) {
    const model = await modelOf(sdk);
    for (const operation of Object.keys(operations)) {
      const input = model.operations.get(operation)?.input;
      found.push({
        operation: `${name}:${operation}`,
        ...(input ? counted(name, operation, input) : { types: 0, constraints: 0 }),
        pages: rules.filter((rule) => rule.operations.includes(operation)).map(({ page }) => page),
        suites: suites.filter((words) => words.has(operation) || words.has(`${operation}Command`)).length,
      });
    }
  }
  return found;
}

function counted(service: string, operation: string, input: NormalizedSchema) {
  let types = 0;
  let constraints = 0;
  const seen = new Set<string>();
  const visit = (schema: NormalizedSchema): void => {
    if (schema.isListSchema() || schema.isMapSchema()) visit(schema.getValueSchema());
    if (!schema.isStructSchema() || seen.has(schema.getName() ?? '')) return;
    seen.add(schema.getName() ?? '');
    types += members(schema).length;
    constraints += requiredMembers(schema).length + (schema.isUnionSchema() ? 1 : 0);
    for (const [, member] of members(schema)) visit(member);
  };
  visit(input);
  return { types, constraints: constraints + modelled(service, operation) };
}

/** Constraints that the model puts on the operation's input, each shape once. */
function modelled(service: string, operation: string): number {
  const { shapes = {}, operations = {} } = constraintsOf(service) ?? {};
  const seen = new Set<string>();
  const visit = (name: string | undefined): number => {
    const shape = shapes[name ?? ''];
    if (!shape || name === undefined || seen.has(name)) return 0;
    seen.add(name);
    const own = [shape.min, shape.max, shape.enum, shape.pattern].filter((one) => one !== undefined).length;
    const inner = [shape.item, shape.key, ...Object.values(shape.members ?? {})];
    return inner.reduce((sum, one) => sum + visit(one), own);
  };
  return visit(operations[operation]);
}

export async function operationsPage(): Promise<string> {
  const lines = (await rows()).map(({ operation, types, constraints, pages, suites }) => {
    const titles = [...new Set(pages)].join('; ');
    return `| \`${operation}\` | ${types} | ${constraints} | ${pages.length} | ${titles} | ${suites} |`;
  });
  const head = [
    '| operation | types | constraints | rules | their pages | suites that name it |',
    '|---|---|---|---|---|---|',
  ];
  return `${HEAD}\n${[...head, ...lines].join('\n')}\n`;
}

export const PAGE = join(ROOT, 'local/aws/OPERATIONS.md');
export const LEAST = join(ROOT, 'local/aws/test/operations.json');

/** What each operation is held to at least: members with a type, constraints, rules. One that falls is lowered by hand, with the reason in the commit. */
export type Least = Readonly<Record<string, readonly [types: number, constraints: number, rules: number]>>;

async function leastNow(before: Least): Promise<Least> {
  const now = (await rows()).map(({ operation, types, constraints, pages }) => {
    const [oldTypes = 0, oldConstraints = 0, oldRules = 0] = before[operation] ?? [];
    const raised = [
      Math.max(types, oldTypes),
      Math.max(constraints, oldConstraints),
      Math.max(pages.length, oldRules),
    ] as const;
    return [operation, raised] as const;
  });
  return { ...before, ...Object.fromEntries(now) };
}

if (import.meta.main) {
  writeFileSync(PAGE, await operationsPage());
  const before = existsSync(LEAST) ? (JSON.parse(readFileSync(LEAST, 'utf8')) as Least) : {}; // as it is written below
  writeFileSync(LEAST, `${JSON.stringify(await leastNow(before), null, 2)}\n`);
}
