// Reads templates by the names of their stacks from standard input, and prints what the rules of AWS Solutions find in each.
// It runs beside the packages that tests/witnesses/cdk-nag/package.json names, which are none of this repository's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';

const folder = mkdtempSync(join(tmpdir(), 'td-nag-'));
const found = Object.entries(await json(process.stdin)).flatMap(([name, template]) => {
  const templateFile = join(folder, `${name}.json`);
  writeFileSync(templateFile, JSON.stringify(template));
  const app = new App({ outdir: join(folder, 'out') });
  const stack = new Stack(app, name);
  new CfnInclude(stack, 'Template', { templateFile });
  const { violations } = new AwsSolutionsChecks(app).validateScope(stack);
  return violations.flatMap(({ ruleName, violatingConstructs = [], violatingResources = [] }) => {
    const at = [...violatingConstructs, ...violatingResources];
    return at.map((each) => ({
      stack: name,
      rule: ruleName,
      at: each.constructPath ?? each.resourceLogicalId,
    }));
  });
});
rmSync(folder, { recursive: true });
console.log(JSON.stringify(found));
