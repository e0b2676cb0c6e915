// Takes the tables over: any column sorts, any text is found, and no more rows are laid out than a page of them.
import { counted, element } from "./dom.js";

const PAGE = 100;
const collator = new Intl.Collator("en", { numeric: true });

class Table {
  constructor(block) {
    this.block = block;
    this.noun = block.dataset.noun;
    this.table = block.querySelector("table.data");
    this.body = this.table.tBodies[0];
    const more = block.querySelector("template.more");
    this.rows = [...this.body.rows, ...(more ? more.content.querySelectorAll("tr") : [])];
    more?.remove();
    this.kinds = Array.from(this.table.tHead.rows[0].cells, (heading) => heading.className);
    this.order = { column: -1, down: false };
    this.words = [];
    this.page = 0;
    this.addControls();
    this.choose();
  }

  addControls() {
    for (const radio of this.block.querySelectorAll(".filters input")) radio.addEventListener("change", () => this.choose());
    for (const [column, heading] of [...this.table.tHead.rows[0].cells].entries()) {
      const button = element("button", { type: "button", click: () => this.sortBy(column) }, heading.textContent);
      heading.replaceChildren(button);
    }
    this.search = element("input", { type: "search", "aria-label": `Find in: ${this.table.caption.textContent}`,
      placeholder: `Find a ${this.noun}`, input: () => this.choose() });
    if (this.rows.length > 5) this.block.querySelector(".controls").append(this.search);
    this.previous = element("button", { type: "button", click: () => this.turn(-1) }, "Previous");
    this.next = element("button", { type: "button", click: () => this.turn(1) }, "Next");
    this.where = element("span", { role: "status" });
    this.pager = element("div", { class: "pager" }, this.previous, this.next, this.where);
    this.block.append(this.pager);
  }

  textOf(row) {
    this.texts ??= new Map();
    if (!this.texts.has(row)) this.texts.set(row, Array.from(row.cells, (cell) => cell.textContent.toLowerCase()).join("\n"));
    return this.texts.get(row);
  }

  filterClass() {
    const chosen = this.block.querySelector(".filters input:checked")?.className ?? "f-all";
    return chosen === "f-all" ? null : chosen.replace("f", "g");
  }

  // Which rows are meant, in which order; starts again at the first page.
  choose() {
    const only = this.filterClass();
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.chosen = this.rows.filter((row) => (!only || row.classList.contains(only)) &&
      words.every((word) => this.textOf(row).includes(word)));
    if (this.order.column >= 0) this.sort();
    this.page = 0;
    this.show();
  }

  sort() {
    const { column, down } = this.order;
    const keys = new Map(this.chosen.map((row) => {
      const cell = row.cells[column];
      return [row, cell.dataset.v ?? (this.kinds[column] === "n" ? cell.textContent.replaceAll(",", "") : cell.textContent)];
    }));
    this.chosen.sort((a, b) => (down ? -1 : 1) * collator.compare(keys.get(a), keys.get(b)));
  }

  sortBy(column) {
    const again = this.order.column === column;
    this.order = { column, down: again && !this.order.down };
    for (const [index, heading] of [...this.table.tHead.rows[0].cells].entries()) {
      if (index === column) heading.setAttribute("aria-sort", this.order.down ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
    this.choose();
  }

  turn(by) {
    this.page += by;
    this.show();
    this.body.parentElement.parentElement.scrollTop = 0;
  }

  show() {
    const first = this.page * PAGE;
    const visible = this.chosen.slice(first, first + PAGE);
    for (const row of visible) this.dress(row);
    this.body.replaceChildren(...visible);
    const pages = Math.max(1, Math.ceil(this.chosen.length / PAGE));
    this.previous.disabled = this.page === 0;
    this.next.disabled = this.page >= pages - 1;
    this.previous.hidden = this.next.hidden = pages === 1;
    const all = this.chosen.length === this.rows.length ? "" : ` (of ${this.rows.length.toLocaleString("en")})`;
    this.where.textContent = pages === 1
      ? `${counted(this.chosen.length, this.noun)}${all}`
      : `${first + 1} to ${first + visible.length} of ${counted(this.chosen.length, this.noun)}${all}`;
  }

  // What is printed has no pages to turn to.
  showAll() {
    for (const row of this.chosen) this.dress(row);
    this.body.replaceChildren(...this.chosen);
  }

  // Rows of the template lack what is the same in each.
  dress(row) {
    if (row.role) return;
    row.role = "row";
    for (const [column, kind] of this.kinds.entries()) if (kind) row.cells[column].classList.add(kind);
  }

  // Turns to the row, past filter and search if need be. False where it is in another table.
  reveal(id) {
    const row = this.rows.find((candidate) => candidate.id === id);
    if (!row) return false;
    if (!this.chosen.includes(row)) {
      this.search.value = "";
      const all = this.block.querySelector(".filters .f-all");
      if (all) all.checked = true;
      this.choose();
    }
    this.page = Math.floor(this.chosen.indexOf(row) / PAGE);
    this.show();
    for (const other of this.body.querySelectorAll(".found")) other.classList.remove("found");
    row.classList.add("found");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
    return true;
  }
}

export function adoptTables() {
  const tables = [...document.querySelectorAll(".block")].map((block) => new Table(block));
  const reveal = (id) => tables.some((table) => table.reveal(id));
  document.addEventListener("click", (event) => {
    const id = event.target.closest?.('a[href^="#call-"]')?.getAttribute("href").slice(1);
    if (id && reveal(id)) {
      event.preventDefault();
      history.pushState(null, "", `#${id}`);
    }
  });
  window.addEventListener("beforeprint", () => tables.forEach((table) => table.showAll()));
  window.addEventListener("afterprint", () => tables.forEach((table) => table.show()));
  const revealHash = () => location.hash.startsWith("#call-") && reveal(location.hash.slice(1));
  window.addEventListener("popstate", revealHash);
  revealHash();
  return { reveal };
}
