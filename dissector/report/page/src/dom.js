// Elements in one expression. `properties` are attributes, or listeners where they are functions.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

export function duration(seconds) {
  const units = [["d", 86400, 2], ["h", 3600, 2], ["min", 60, 2]];
  for (let i = 0; i < units.length; ++i) {
    const [name, size, least] = units[i];
    if (seconds < size * least) continue;
    const [smaller, small] = units[i + 1] ?? ["s", 1];
    const rest = Math.floor((seconds % size) / small);
    return `${Math.floor(seconds / size)} ${name}${rest ? ` ${rest} ${smaller}` : ""}`;
  }
  return `${seconds} s`;
}

export const moment = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").replace(/\.\d+Z$/, "");

// A name as the tables write it.
export const shown = (name) => (name === undefined ? "not told" : name === null ? "NULL" : name === "" ? "empty" : name);
