"""Texts that would do harm if a page treated them as more than plain text."""

CORPUS = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "<b>fat</b><style>*{display:none}</style>",
    "</p></div><h1>out</h1>",
    "<iframe src='//evil.example'></iframe>",
    "<a href='javascript:window.ran=1'>go</a>",
    "![p](https://evil.example/p.png)",
    "[go](javascript:window.ran=1)",
    "[go](https://evil.example)",
    "<https://evil.example/auto>",
    "https://evil.example/bare",
    "mailto:her@evil.example",
    "**fat** _slant_ ~~gone~~ `code`",
    "# heading",
    "> quoted",
    "- one item",
    "1. first item",
    "| a | b |",
    "```js",
    "$x^2$ and $$y$$",
    ":material/skull: :streamlit:",
    ":red[red] :blue-background[b]",
    ":rainbow[r] :small[s] :smile:",
    "[^1] footnote",
    "&lt;b&gt; &amp; &#x41;",
    "\\*not\\* \\<b\\>",
    "{name} {0} %s ${x}",
    "'; DROP TABLE session; --",
    "=HYPERLINK('http://evil.example')",
    "\u202egnp.exe\u202c left",
    "zero\u200bwidth \u2066isolate\u2069",
    "e\u0301\u0302\u0303 \U0001f469\u200d\U0001f37c",
    "a" * 39,
)

# Finds elements that these texts would create if they were not shown as plain text. The app's own
# pages contain none of these.
MADE_BY_TEXT = """
[...document.querySelectorAll('[data-testid=stMain] *')]
  .filter(e => e.matches(
    'script, iframe, .katex, blockquote, em, del, mark, sup, h2 h2, h1 *,'
    + 'table:not([role=grid] *, .hw-strip),'
    + '[data-testid=stText] span *, [class*=stMarkdownColored], [class*=stMarkdownSmall],'
    + ':is([data-testid=stMarkdownContainer], [data-testid=stWidgetLabel]) :is(img, a, code, li)')
    && !e.matches('h1 span:has(> :not(*)), h1 > div, h1 > span, h1 > div > span')
    || /evil|javascript|^x$|mailto/.test(['href', 'src', 'action'].map(n => e.getAttribute(n))))
  .map(e => e.outerHTML.slice(0, 200))
"""
