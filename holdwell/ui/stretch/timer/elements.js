// Elements of the page.

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
