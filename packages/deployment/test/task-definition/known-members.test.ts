import { expect, test } from '@jest/globals';
import {
  KNOWN_MEMBERS,
  type MemberKind,
  membersOfShape,
  type ShapeName,
} from '../../src/task-definition/known-members.ts';
import { KNOWN_UPDATE_MEMBERS } from '../../src/task-definition/known-update-members.ts';
import { REGISTERED, type SdkShape, shapesIn, UPDATED } from './sdk-shapes.ts';

/** A member as `known-members.ts` writes it. */
function mark(shape: SdkShape): string {
  if (shape.kind === 'list') return `[]${mark(shape.of)}`;
  if (shape.kind === 'members') return `:${shape.name}`;
  return { text: '', number: '#', boolean: '?', texts: '{}', any: '*' }[shape.kind];
}

function kindOf(shape: SdkShape): MemberKind {
  if (shape.kind === 'list') return { list: kindOf(shape.of) };
  if (shape.kind === 'members') return { shape: shape.name as ShapeName }; // the first test holds the names
  return shape.kind;
}

test('knows the members that the SDK can register, and no others', () => {
  const written = Object.entries(KNOWN_MEMBERS).map(([shape, text]) => [shape, text.trim().split(/\s+/)]);
  const taken = [...shapesIn(REGISTERED)].map(([shape, members]) => [
    shape,
    [...members].map(([name, member]) => `${name}${mark(member)}`),
  ]);
  expect(written).toEqual(taken);
});

test('knows the members that the SDK can send to update a service, and no others', () => {
  const shared = shapesIn(REGISTERED);
  const written = Object.entries(KNOWN_UPDATE_MEMBERS).map(([shape, text]) => [
    shape,
    text.trim().split(/\s+/),
  ]);
  const taken = [...shapesIn(UPDATED)]
    .filter(([shape]) => !shared.has(shape))
    .map(([shape, members]) => [shape, [...members].map(([name, member]) => `${name}${mark(member)}`)]);
  expect(written).toEqual(taken);
});

test('reads every member as the kind that the SDK gives it', () => {
  for (const [shape, members] of [...shapesIn(REGISTERED), ...shapesIn(UPDATED)]) {
    const kinds = new Map([...members].map(([name, member]) => [name, kindOf(member)]));
    expect(membersOfShape(shape as ShapeName)).toEqual(kinds);
  }
});
