import { expect, test } from '@jest/globals';
import { inForce, job, PUSH, told } from './a-job.ts';

const PROD = `        env:
          AWS_ACCESS_KEY_ID: \${{ secrets.PROD_KEY }}
          AWS_REGION: eu-west-1
          DOCKER_CONFIG: /tmp/prod
`;

test.each([
  [
    'a deploy by command',
    '        run: aws ecs update-service --cluster c --service s --task-definition web:12\n',
    1,
  ],
  [
    'a build by command',
    '        run: docker build -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 . && docker push r.dkr.ecr.eu-west-1.amazonaws.com/a:1\n',
    1,
  ],
  [
    'a deploy by action',
    '        uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          task-definition: td.json\n          service: s\n',
    1,
  ],
])(
  'credentials and a region in the env of a step stay with it, though no input names them: %s',
  (_, step, times) => {
    const text = job(`      - name: to production\n${PROD}${step}`);
    expect(told(text)).toContain('migrated whole');
    expect(
      inForce(text).match(/AWS_ACCESS_KEY_ID: \$\{\{ secrets\.PROD_KEY \}\}\n *AWS_REGION: eu-west-1\n/g),
    ).toHaveLength(times);
  },
);

test('a builder that is added has what Docker reads of the env, and no credential', () => {
  const text = inForce(job(PUSH.replace('        env:\n', PROD)));
  const builder = text.slice(
    text.indexOf('setup-buildx-action') - 200,
    text.indexOf('setup-buildx-action') + 60,
  );
  expect(text.match(/DOCKER_CONFIG: \/tmp\/prod/g)).toHaveLength(2);
  expect(text.match(/AWS_ACCESS_KEY_ID/g)).toHaveLength(1);
  expect(builder).toContain('setup-buildx-action');
});

test('steps that would become one stay two where their env has other credentials', () => {
  const [IMAGE, BUILD] = [
    'r.dkr.ecr.eu-west-1.amazonaws.com/a:1',
    '        run: docker build -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 .\n',
  ];
  const push = `        run: docker push ${IMAGE}\n`;
  expect(told(job(`      - name: b\n${BUILD}      - name: p\n${push}`))).toContain('migrated whole');
  const apart = job(`      - name: b\n${BUILD}      - name: p\n${PROD}${push}`);
  expect(told(apart)).toContain('p: kept, because it pushes what the new step before it loads into Docker');
  expect(inForce(apart)).toContain(`      - name: p\n${PROD}${push}`);
  expect(inForce(apart).match(/AWS_ACCESS_KEY_ID/g)).toHaveLength(1);
  const render = (env: string) =>
    job(`      - id: render
${env}        uses: aws-actions/amazon-ecs-render-task-definition@v1
        with: { task-definition-family: web, container-name: web, image: a }
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: { task-definition: "\${{ steps.render.outputs.task-definition }}", service: web }
`);
  expect(told(render(''))).toContain('migrated whole');
  expect(told(render(PROD))).toContain('its render has another `AWS_ACCESS_KEY_ID`');
  const wait = (env: string) =>
    job(`      - name: deploy
        run: aws ecs update-service --cluster c --service s --task-definition web:12
      - name: wait
${env}        run: aws ecs wait services-stable --cluster c --services s
`);
  expect(told(wait(''))).toContain('wait: now a part of "deploy"');
  expect(told(wait(PROD))).not.toContain('now a part of');
});

test('the report says whose sign-in pushes from now on, if the env of a build has other credentials than the job', () => {
  const configured = `      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-access-key-id: \${{secrets.KEY}}
          aws-region: \${{ env.REGION }}
`;
  const build = (env: string) =>
    told(
      job(
        `${configured}      - name: web\n        env:\n${env}        uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: r.dkr.ecr.eu-west-1.amazonaws.com/a:1\n`,
      ),
    );
  const same = '          AWS_ACCESS_KEY_ID: ${{ secrets.KEY }}\n          AWS_REGION: ${{ env.REGION }}\n';
  expect(build(same)).not.toContain('signs in with');
  expect(build(same.replace('secrets.KEY', 'secrets.APP_KEY'))).toContain(
    'The `env` of "web" has AWS_ACCESS_KEY_ID. Docker pushed with the sign-in of a step before',
  );
  expect(build(same)).toContain(
    "Give the job's AWS credentials the rights of the new steps: https://github.com/OWNER/tenant-delivery/blob/v0.1.0/actions/build-and-scan-image/README.md#without-a-contract",
  );
});

test('a script that signs in at ECR by itself pushes there', () => {
  const text = job(`      - env:
          HOST: \${{ secrets.HOST }}
        run: |
          aws ecr get-login-password | docker login --username AWS --password-stdin $HOST
          docker build -t $HOST/a:1 .
          docker push $HOST/a:1
`).replace(/ {6}- id: ecr\n.*\n/, '');
  expect(told(text)).toContain('migrated whole');
  expect(told(text)).toContain('${{ env.HOST }}/a:1 must be in ECR');
});
