"""What axe-core finds on a page, in the light and the dark theme."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from holdwell.network import plain_pages

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that check colours, which are all that differs between the themes."""
THEMES = {"light": plain_pages.LIGHT, "dark": plain_pages.DARK}
"""The background of each theme."""
NO_COLOUR_CHANGES = "!document.getAnimations().some(one => one instanceof CSSTransition)"
"""No element is still changing from the colours of one theme to those of the other."""
CHECK_COLOURS = """
async ({ rules, known }) => {
  const seen = new Set(known), fresh = [];
  const isText = node => node.nodeType === Node.TEXT_NODE && node.data.trim();
  for (const element of document.querySelectorAll('body :not(script, style)')) {
    if (!element.matches('input, select, textarea') && ![...element.childNodes].some(isText)) {
      continue;
    }
    const { color, fontSize, fontWeight, textDecorationLine } = getComputedStyle(element);
    const looks = [element.localName, color, fontSize, fontWeight, textDecorationLine];
    looks.push(getComputedStyle(element.parentElement).color, element.disabled);
    for (let behind = element; behind; behind = behind.parentElement) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(behind);
      if (opacity !== '1' || backgroundImage !== 'none') looks.push(opacity, backgroundImage);
      if (backgroundColor !== 'rgba(0, 0, 0, 0)') looks.push(backgroundColor);
      if (backgroundColor.startsWith('rgb(')) break;
    }
    const look = looks.join();
    if (!seen.has(look) && element.checkVisibility({ opacityProperty: true })) {
      seen.add(look);
      fresh.push(element);
    }
  }
  if (!fresh.length) return { seen: [...seen], violations: [] };
  const { violations } = await axe.run(fresh, { runOnly: rules, resultTypes: ['violations'] });
  return { seen: [...seen], violations };
}
"""
"""Check the colours of one element for each combination of colours, size and background that no
page so far has shown: checking all elements of each page took a quarter of these tests' time."""


def show_theme(page: Page, theme: str) -> None:
    """Change to a theme, and wait until the page has its colours."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    rgb = f"rgb({', '.join(str(part) for part in bytes.fromhex(THEMES[theme][1:]))})"
    wanted = f"getComputedStyle(document.querySelector('.stApp')).backgroundColor === '{rgb}'"
    page.wait_for_function(f"{wanted} && {NO_COLOUR_CHANGES}")


def faults(page: Page, looks: set[str]) -> list[str]:
    """Return axe-core's complaints about the page in both themes, one text for each element.

    Rules that do not check colours run in the current theme only, then the other stays on. `looks`
    holds the combinations of colours that are checked already, and takes those of this page.
    """
    found = []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": [*RULES],
        "rules": {rule: {"enabled": False} for rule in OF_COLOURS},
        "resultTypes": ["violations"],
    }
    violations = page.evaluate(
        "options => axe.run(options).then(found => found.violations)", options
    )
    themes = [*THEMES]
    if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"):
        themes.reverse()
    for theme in themes:
        show_theme(page, theme)
        checked = page.evaluate(CHECK_COLOURS, {"rules": [*OF_COLOURS], "known": [*looks]})
        looks.update(checked["seen"])
        violations += checked["violations"]
        for fault in violations:
            for node in fault["nodes"]:
                found.append(f"{theme} {fault['id']}: {node['html']}\n{node['failureSummary']}")
        violations = []
    return found
