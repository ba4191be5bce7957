// Adds what Streamlit's page lacks for keyboards and screen readers, and replaces its English
// texts.

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const SAVED_AT_ONCE = '.st-key-hw-cramp, [class*="st-key-hw-pain-score"]';
const ANSWERS = ".st-key-hw-check-in button";
const TIMER = ".hw-timer button";
// Back, +10 s and Skip: two taps on the same one of these are both meant.
const TWICE = ".hw-timer .hw-steps";
// A shorter time is not enough to read what the answer has changed.
const ANSWERED_MS = 2000;
const TAPPED_MS = 500;
const THUMB_PX = 30;
// Where Streamlit shows its own texts.
const FOREIGN = '[role="dialog"], [data-testid="stFileUploader"]';
// An entry of a list with its buttons, and what says which entry it is.
const ENTRIES = '[class*="st-key-hw-card-"], [class*="st-key-hw-change-"], [class*="st-key-hw-question-"]';
const ABOUT = 'strong, h2, [data-testid="stText"]';
// A skeleton takes the place of a field whose code is still being loaded.
const DATE_FIELDS = '.stDateInput, [data-testid="stSkeleton"]';
const LABELLED = ".stDateInput, [data-testid=stDateInputCalendar], [data-testid=stFileUploader], "
  + ".stNumberInput button, .stSelectbox button, .stVegaLiteChart";

// Streamlit's English messages, and the key of the text that replaces the whole message.
const MESSAGES = [
  [/^Connection error$/, "gone_title"],
  [/^Is Streamlit still running|^Streamlit server is not|^Cannot connect to/, "gone"],
  [/^File must be .* or smaller/, "file_large"],
  [/files are not allowed/, "file_kind"],
  [/^Only one file is allowed/, "file_one"],
  [/^Unexpected error. Please try/, "file_failed"],
  [/^Use arrow keys to navigate dates/, "date_keys"],
];
// The same for the labels of fields for screen readers; only the matched part is replaced.
const LABELS = [
  [/^Choose date/, "date_choose"],
  [/^Clear date$/, "date_clear"],
  [/^Previous month$/, "date_month_before"],
  [/^Next month$/, "date_month_after"],
  [/^day(?=$|, )/, "date_day"],
  [/^month(?=$|, )/, "date_month"],
  [/^year(?=$|, )/, "date_year"],
  [/^Empty$/, "date_empty"],
  [/^file upload$/, "choose_file"],
  [/^Remove(?= .*[.])/, "file_remove"],
  [/^Add files$/, "file_other"],
  [/^Decrement$/, "number_less"],
  [/^Increment$/, "number_more"],
  [/^Open$/, "list_open"],
  [/^visualization$/, "chart"],
];

// `data`: the page's language, its calendar (see frame.py), and the texts by their keys.
export function improvePage(data, runAgain) {
  // Screen readers choose their voice by the page's language (WCAG 2.2, 3.1.1).
  document.documentElement.lang = data.language;
  window.__holdwellFrame ??= new Frame();
  window.__holdwellFrame.data = data;
  // `handshake.js` reads this when a page is next opened.
  try { localStorage.setItem("holdwell-calendar", data.calendar); } catch { /* refused */ }
  // Streamlit reads the calendar as it draws a date field. If it read an older one, or none since
  // this browser is new, let it run again.
  const before = window.__holdwellCalendarRead;
  window.__holdwellCalendarRead = data.calendar;
  if (before !== data.calendar && document.querySelector(DATE_FIELDS)) runAgain();
  // The style sheet shows this text instead of Streamlit's own.
  document.documentElement.style.setProperty("--hw-choose-file", JSON.stringify(data.texts.choose_file));
  window.__holdwellFrame.mend();
}

class Frame {
  constructor() {
    this.said = new WeakMap();
    const watch = new MutationObserver(() => this.soon());
    watch.observe(document.body, { childList: true, subtree: true });
    // "mousedown" too, because a list of choices opens before the click.
    for (const kind of ["mousedown", "click"]) {
      document.addEventListener(kind, (event) => this.meantOnce(event), true);
    }
    // In the capture phase, because it is stopped later. In the next task, the focus has moved.
    document.addEventListener("keydown", (event) => setTimeout(choose, 0, event), true);
  }

  // Ignore a second tap of a nervous or tired thumb on what the first tap has brought under it. A
  // key or a switch device (a click with detail 0) presses what has the focus, so it is always
  // meant.
  meantOnce(event) {
    const { first, until, tapped } = this;
    const answer = event.target.closest(ANSWERS);
    const button = answer ?? event.target.closest(TIMER);
    const isNear = first && event.detail > 0 && event.timeStamp <= until
      && Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) <= THUMB_PX;
    const isMeant = answer || (button === tapped && button?.closest(TWICE));
    if (isNear && !isMeant) {
      event.preventDefault();
      event.stopPropagation();
    } else if (button && event.type === "click") {
      Object.assign(this, { first: event, tapped: button });
      this.until = event.timeStamp + (answer ? ANSWERED_MS : TAPPED_MS);
    }
  }

  soon() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.mend();
    });
  }

  mend() {
    const bar = document.querySelector(".st-key-hw-nav");
    if (bar) {
      bar.role = "navigation";
      bar.ariaLabel = this.data.texts.bar;
      for (const link of bar.querySelectorAll("a")) {
        link.ariaCurrent = link.closest('[class*="-here"]') ? "page" : null;
      }
    }
    const skip = document.querySelector('[data-testid="stSkipToContent"]')?.firstChild;
    if (skip && skip.data !== this.data.texts.skip) skip.data = this.data.texts.skip;
    // Each icon is beside a text that says the same.
    for (const icon of document.querySelectorAll('[role="img"][translate="no"]')) {
      icon.ariaHidden = "true";
    }
    for (const bar of document.querySelectorAll('.stProgress [role="progressbar"]')) {
      bar.ariaLabel = bar.closest(".stProgress").innerText;
    }
    // Of several buttons with the same name, a screen reader also says which is meant.
    for (const entry of document.querySelectorAll(ENTRIES)) {
      const about = entry.querySelector(ABOUT)?.innerText;
      for (const button of about ? entry.querySelectorAll("button") : []) button.ariaDescription = about;
    }
    for (const zone of document.querySelectorAll('[data-testid="stFileUploaderDropzone"]')) {
      zone.role = "group";
    }
    for (const place of document.querySelectorAll(FOREIGN)) this.translate(place);
    for (const place of document.querySelectorAll(LABELLED)) this.label(place);
  }

  label(place) {
    for (const part of [place, ...place.querySelectorAll("[aria-label]")]) {
      for (const name of ["ariaLabel", "ariaValueText", "ariaRoleDescription"]) {
        // A label that is already ours may be in the language chosen before.
        const said = this.said.get(part)?.[name];
        const theirs = said && part[name] === said.ours ? said.theirs : part[name];
        const ours = this.inOurWords(theirs);
        if (ours === part[name]) continue;
        part[name] = ours;
        this.said.set(part, { ...this.said.get(part), [name]: { theirs, ours } });
      }
    }
  }

  inOurWords(theirs) {
    // Streamlit writes the month of a date field in English: "09 – September".
    const [, digits] = /^(\d+) – /.exec(theirs) ?? [];
    if (digits) return `${digits} – ${this.monthName(Number(digits))}`;
    const [pattern, key] = LABELS.find(([label]) => label.test(theirs)) ?? [];
    return key ? theirs.replace(pattern, this.data.texts[key]) : theirs;
  }

  monthName(number) {
    const { format } = new Intl.DateTimeFormat(this.data.language, { month: "long" });
    return format(new Date(2000, number - 1));
  }

  translate(place) {
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const [, key] = MESSAGES.find(([theirs]) => theirs.test(text.data)) ?? [];
      if (key && text.data !== this.data.texts[key]) text.data = this.data.texts[key];
    }
    // Here, with the texts, since the style sheet comes and goes with the page's elements.
    for (const command of place.querySelectorAll('[data-testid="stErrorCodeBlock"]')) {
      command.style.display = "none";
    }
  }
}

// Arrow keys move the focus in Streamlit's radio buttons; this also chooses the button, as usual,
// but not where a tap saves at once: moving past an answer must not save it.
function choose(event) {
  const radio = document.activeElement;
  if (!ARROWS.includes(event.key) || radio?.role !== "radio" || radio === event.target) return;
  if (event.target.role !== "radio" || radio.closest(SAVED_AT_ONCE)) return;
  if (radio.ariaChecked === "false") radio.click();
}
