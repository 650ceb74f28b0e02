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

/** A step that builds an image, pushes it, and names it in an output. */
export const PUSH = `      - id: image
        env:
          IMAGE: \${{ steps.ecr.outputs.registry }}/acme/orders:1
        run: |
          docker build -t $IMAGE .
          docker push $IMAGE
          echo "uri=$IMAGE" >> $GITHUB_OUTPUT
`;

/** The steps that are in force, without the comments. */
export function inForce(text: string): string {
  const migration = migrateWorkflow(text);
  if (!('text' in migration)) throw new Error('not read');
  return migration.text
    .split('\n')
    .filter((line) => !/^ *#/.test(line))
    .join('\n');
}
