import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { XmlNode } from '@aws-sdk/xml-builder';
import type { NormalizedSchema } from '@smithy/core/schema';

const DATE_TIME = 5; // timestamp format of the static schemas

/** Characters that XML 1.0 has no way to write: a refusal that repeats one could not be read. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const settings = {
  timestampFormat: { useTrait: true, default: DATE_TIME },
  httpBindings: true,
  xmlNamespace: '',
  serviceNamespace: '',
} as const;

/** The SDK's XML serializer, opened at one place: it keeps the node that query envelopes need to rename. */
class NodeSerializer extends XmlShapeSerializer {
  node(schema: NormalizedSchema, value: object): XmlNode {
    this.write(schema, value);
    return Reflect.get(this, 'buffer');
  }
}

/** A structure as an XML element of the given name. */
export function elementOf(schema: NormalizedSchema, value: object, name: string): XmlNode {
  if (!schema.isStructSchema()) return XmlNode.of(name);
  return new NodeSerializer(settings).node(schema, value).withName(name);
}

export function document(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.toString().replace(NOT_IN_XML, '\uFFFD')}`;
}

/** The members of an error or envelope that are plain text. */
export function textElements(parent: XmlNode, members: Readonly<Record<string, unknown>>): XmlNode {
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && typeof value !== 'object')
      parent.addChildNode(XmlNode.of(name, String(value)));
  }
  return parent;
}
