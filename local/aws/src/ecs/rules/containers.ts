import { containersOf, definitionRules, EC2, repeated } from './definition.ts';
import { container, onFargate } from './examples.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Characters of an image ("ContainerDefinition"): letters, digits, hyphens, underscores, colons, periods, slashes, number signs. */
const TAGGED = /^[A-Za-z0-9_\-:./#]+$/;
const BY_DIGEST = /^[A-Za-z0-9_\-:./#]+@sha256:[A-Fa-f0-9]{64}$/;

/** Bytes that a task definition takes at most, as ECS counts them: its JSON. */
const LARGEST = 65_536;
const MOST_CONTAINERS = 10;

export const containerRules = [
  ...definitionRules('RegisterTaskDefinition - Amazon Elastic Container Service API Reference', [
    {
      says: 'A family has up to 255 letters, digits, underscores and hyphens.',
      *mistakes({ family = '' }) {
        if (!NAME.test(family)) yield 'Family contains invalid characters.';
      },
      shownBy: [
        onFargate({ family: 'acme/orders' }),
        onFargate({ family: '' }),
        onFargate({ family: 'x'.repeat(256) }),
      ],
    },
    {
      says: 'A role is given by its ARN or its name.',
      *mistakes({ taskRoleArn, executionRoleArn }) {
        for (const role of [taskRoleArn, executionRoleArn])
          if (role && !/^(arn:aws[a-z-]*:iam::\d{12}:role\/)?[\w+=,.@/-]+$/.test(role))
            yield 'Role is not valid';
      },
      shownBy: [
        onFargate({ taskRoleArn: 'arn:aws:iam::000011112222:user/orders' }),
        onFargate({ executionRoleArn: 'arn:aws:s3:::orders' }),
      ],
    },
  ]),
  ...definitionRules(EC2, [
    {
      says: 'A task definition has at least one container.',
      *mistakes({ containerDefinitions = [] }) {
        if (containerDefinitions.length === 0) yield 'Container list cannot be empty.';
      },
      shownBy: [onFargate({ containerDefinitions: [] })],
    },
    {
      says: 'A container has a name of up to 255 letters, digits, underscores and hyphens.',
      *mistakes(input) {
        for (const { name = '' } of containersOf(input)) {
          if (name === '') yield 'Container.name should not be null or empty.';
          else if (!NAME.test(name)) yield 'Container.name contains invalid characters.';
        }
      },
      shownBy: [container({ name: '' }), container({ name: 'or ders' }), container({ name: undefined })],
    },
    {
      says: 'Containers have names of their own.',
      *mistakes(input) {
        if (repeated(containersOf(input).map(({ name }) => name)).length > 0)
          yield 'Container names must be unique within a task definition.';
      },
      shownBy: [container({}, { name: 'orders' })],
    },
    {
      says: 'A container has an image, by its tag or by its digest.',
      *mistakes(input) {
        for (const { image = '' } of containersOf(input)) {
          if (image === '') yield 'Container.image should not be null or empty.';
          else if (!TAGGED.test(image) && !BY_DIGEST.test(image))
            yield 'Container.image contains invalid characters.';
          else if ((image.split('@')[0] ?? '').length > 255)
            yield 'Container.image repository should be 255 characters or less.';
        }
      },
      shownBy: [
        container({ image: '' }),
        container({ image: undefined }),
        container({ image: '$IMAGE:latest' }),
        container({ image: 'orders@sha256:12' }),
        container({ image: `orders@md5:${'0'.repeat(64)}` }),
        container({ image: 'x'.repeat(256) }),
      ],
    },
    {
      says: 'At least one container is essential.',
      *mistakes(input) {
        const containers = containersOf(input);
        if (containers.length > 0 && containers.every(({ essential }) => essential === false))
          yield "Task definition doesn't have any essential container.";
      },
      shownBy: [container({ essential: false }), container({ essential: false }, { essential: false })],
    },
  ]),
  ...definitionRules('Amazon ECS endpoints and quotas', [
    {
      says: 'A task definition has at most 10 containers.',
      *mistakes({ containerDefinitions = [] }) {
        if (containerDefinitions.length > MOST_CONTAINERS) yield 'Too many containers.';
      },
      shownBy: [container({}, ...Array.from({ length: 10 }, (_, at) => ({ name: `sidecar-${at}` })))],
    },
    {
      says: 'A task definition has at most 64 KiB.',
      *mistakes(input) {
        const length = Buffer.byteLength(JSON.stringify(input));
        if (length > LARGEST) yield `Actual length: '${length}'. Max allowed length is '${LARGEST}' bytes.`;
      },
      shownBy: [container({ command: ['x'.repeat(LARGEST)] })],
    },
  ]),
];
