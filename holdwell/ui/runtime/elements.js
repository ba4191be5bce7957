// Makes elements of the page, and tells whether it has finished drawing.

export function make(tag, className, parent, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent?.append(node);
  return node;
}

export function button(className, parent, text, act) {
  const node = make("button", `hw-button ${className}`, parent, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

// Add groups of stop signs, each with its title and whom to call.
export function makeStopSigns(parent, groups) {
  for (const group of groups) {
    make("h3", "", parent, group.title);
    const list = make("ul", "", parent);
    for (const sign of group.signs) make("li", "", list, sign);
    make("p", "hw-whom", parent, group.whom);
  }
}

// Return whether the page's script has run and everything is drawn. A skeleton takes the place of a
// field whose code is still being loaded.
export function isAtRest() {
  const run = document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
  return run === "notRunning" && !document.querySelector('[data-stale=true], [data-testid="stSkeleton"]');
}
