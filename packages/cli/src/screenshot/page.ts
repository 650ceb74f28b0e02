import { Marked } from 'marked';

const STYLE = import.meta.resolve('github-markdown-css/github-markdown-light.css');
const MERMAID = import.meta.resolve('mermaid/dist/mermaid.min.js');

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const github = new Marked({
  gfm: true,
  renderer: {
    code: ({ text, lang }) => (lang === 'mermaid' ? `<pre class="mermaid">${escaped(text)}</pre>` : false),
  },
});

/**
 * A page that shows a job's summary as GitHub does: tables and code by its rules, its style sheet, drawings by mermaid.
 * Once everything is drawn, the root element says in `data-height` how high the page is.
 */
export async function summaryPage(title: string, summary: string): Promise<string> {
  return `<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="${STYLE}">
<style>
  body { margin: 0; padding: 16px; background: #f6f8fa; }
  .box { border: 1px solid #d1d9e0; border-radius: 6px; background: #fff; }
  .box > header { padding: 12px 16px; border-bottom: 1px solid #d1d9e0; font: 600 14px sans-serif; }
  .markdown-body { padding: 16px; font-size: 14px; }
  .markdown-body pre.mermaid { background: none; padding: 0; margin-bottom: 0; }
</style>
<div class="box"><header>${escaped(title)}</header>
<article class="markdown-body">${await github.parse(summary)}</article></div>
<script src="${MERMAID}"></script>
<script type="module">
  mermaid.initialize({ startOnLoad: false, gantt: { useWidth: 930 } });
  await mermaid.run();
  document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
</script>
`;
}
