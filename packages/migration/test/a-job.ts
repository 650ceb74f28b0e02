import { migrateWorkflow } from '../src/migrate.ts';
import { reportOf } from '../src/report.ts';

/** A job with these steps, after a checkout and a login at ECR. */
export function job(steps: string, more = ''): string {
  return `on: push
jobs:
  one:
    runs-on: ubuntu-latest
${more}    steps:
      - uses: actions/checkout@v4
      - id: ecr
        uses: aws-actions/amazon-ecr-login@v2
${steps}`;
}

/** The report about it. */
export function told(text: string): string {
  return reportOf('w.yml', migrateWorkflow(text));
}
