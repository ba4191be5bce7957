// Repeats a tap that saves at once if Holdwell restarted before it had saved it. A later tap on
// anything else, such as Undo, was made by a user who has seen what became of the first.

const ANSWERS = '[class*="st-key-hw-pain-score"], [class*="st-key-hw-cramp-"]';
// What is repeated is noted with the time of then, so only for this long.
const LASTS_MS = 60_000;

const state = (window.__holdwellTapped ??= { tap: null });

export function watchTaps() {
  if (state.watching) return;
  state.watching = true;
  document.addEventListener("click", ({ target, isTrusted }) => {
    if (!isTrusted) return;
    const answer = target.closest?.("[role=radio]");
    const [key] = /st-key-hw-[\w-]+/.exec(answer?.closest(ANSWERS)?.className) ?? [];
    state.tap = key ? { key, text: answer.textContent, at: Date.now() } : null;
  }, true);
}

// Called when the page is drawn after a new connection: it shows what is saved.
export function repeatTap() {
  const { tap } = state;
  state.tap = null;
  if (!tap || Date.now() - tap.at > LASTS_MS) return;
  const answers = [...document.querySelectorAll(`.${tap.key} [role=radio]`)];
  const answer = answers.find(({ textContent }) => textContent === tap.text);
  if (answer?.ariaChecked === "false") answer.click();
}
