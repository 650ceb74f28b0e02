import { Marked } from 'marked';

const STYLE = import.meta.resolve('github-markdown-css/github-markdown-light.css');
const MERMAID = import.meta.resolve('mermaid/dist/mermaid.min.js');

/** The HTML that we write in summaries. GitHub's sanitiser lets it pass; what isn't here is a mistake. */
const ALLOWED = /^(<\/?(details|summary|b|br|code)>|<!--[\s\S]*?-->|\s|[^<>])*$/;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const github = new Marked({
  gfm: true,
  renderer: {
    code: ({ text, lang }) => (lang === 'mermaid' ? `<pre class="mermaid">${escaped(text)}</pre>` : false),
    html: ({ text }) => {
      if (!ALLOWED.test(text)) throw new Error(`GitHub's sanitiser may take this out of a summary: ${text}`);
      return text;
    },
  },
});

/** One summary of a job. */
export interface Box {
  readonly title: string;
  readonly markdown: string;
}

/** What the page says of itself once everything is drawn, in `data-seen` of its root. */
export interface Seen {
  readonly height: number;
  /** How far down each box begins, in pixels. */
  readonly boxes: readonly { readonly title: string; readonly top: number }[];
  /** Column heads of tables that reach beyond the page, where a reader has to scroll sideways. */
  readonly offScreen: readonly string[];
}

/**
 * The summaries of a run's page as GitHub shows them: tables and code by its rules, its style sheet, drawings by mermaid.
 * The annotations, which GitHub shows above them, are left out: a summary has to say by itself what happened. The page has
 * its own width, in pixels: a window of Chromium is never narrower than 500.
 */
export async function summaryPage(boxes: readonly Box[], width: number): Promise<string> {
  const drawn = await Promise.all(boxes.map(draw));
  return `<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="${STYLE}">
<style>
  body { box-sizing: border-box; width: ${width}px; margin: 0; padding: 16px; background: #f6f8fa; }
  .box { border: 1px solid #d1d9e0; border-radius: 6px; background: #fff; }
  .box + .box { margin-top: 16px; }
  .box > header { padding: 12px 16px; border-bottom: 1px solid #d1d9e0; font: 600 14px sans-serif; }
  .markdown-body { padding: 16px; font-size: 14px; }
  .markdown-body pre.mermaid { background: none; padding: 0; margin-bottom: 0; }
</style>
${drawn.join('\n')}
<script src="${MERMAID}"></script>
<script type="module">
  mermaid.initialize({ startOnLoad: false, gantt: { useWidth: 930 } });
  await mermaid.run();
  const boxes = [...document.querySelectorAll('.box')];
  document.documentElement.dataset.seen = encodeURIComponent(JSON.stringify({
    height: Math.ceil(document.body.getBoundingClientRect().height),
    boxes: boxes.map((box) => ({ title: box.firstElementChild.textContent, top: Math.round(box.getBoundingClientRect().top) })),
    offScreen: [...document.querySelectorAll('table')]
      .filter((table) => table.scrollWidth > table.clientWidth)
      .map((table) => [...table.querySelectorAll('th')].map((head) => head.textContent).join(', ')),
  }));
</script>
`;
}

async function draw({ title, markdown }: Box): Promise<string> {
  return `<div class="box"><header>${escaped(title)}</header>
<article class="markdown-body">${await github.parse(markdown)}</article></div>`;
}
