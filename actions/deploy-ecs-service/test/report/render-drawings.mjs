import { JSDOM } from 'jsdom';

/**
 * Renders the Mermaid drawings on stdin (a JSON list) as GitHub's page would, and answers with one JSON list: the texts
 * and the elements of each drawing, or why it could not be drawn. A process of its own, because Mermaid takes the page
 * from the global scope. jsdom lays nothing out, so sizes of text are made up.
 */
const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
const box = { x: 0, y: 0, width: 100, height: 20 };
Object.assign(window.SVGElement.prototype, { getBBox: () => box, getComputedTextLength: () => box.width });
Object.assign(globalThis, { window, document: window.document, CSSStyleSheet: window.CSSStyleSheet });

const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });

let given = '';
for await (const part of process.stdin) given += part;
const answers = [];
for (const [index, drawing] of JSON.parse(given).entries()) {
  const config = JSON.stringify(mermaid.mermaidAPI.getConfig());
  try {
    const { svg } = await mermaid.render(`drawing-${index}`, drawing);
    const page = new JSDOM(svg).window.document;
    answers.push({
      texts: [...page.querySelectorAll('text')].map(({ textContent }) => textContent),
      bars: page.querySelectorAll('rect.task').length,
      elements: [...new Set([...page.querySelectorAll('svg *')].map(({ tagName }) => tagName))],
      links: page.querySelectorAll('[href], [onclick], [onload], [onerror]').length,
      configured: JSON.stringify(mermaid.mermaidAPI.getConfig()) !== config,
    });
  } catch (thrown) {
    answers.push({ error: String(thrown) });
  }
}
process.stdout.write(JSON.stringify(answers), () => process.exit());
