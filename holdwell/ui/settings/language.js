// A screen reader picks its voice by the page's language (WCAG 2.2, 3.1.1).

export default function setLanguage({ data }) { document.documentElement.lang = data; }
