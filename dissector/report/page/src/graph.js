// The graph of askers, servers, accounts and workstations, in four columns.
import cytoscape from "cytoscape";
import { counted, element } from "./dom.js";
import { COLUMNS, arrange, columnOf, heaviest, relationsOf } from "./relations.js";

const NAMES = { asker: "asker", server: "server", user: "account", workstation: "workstation" };
const SHAPES = { asker: "cut-rectangle", server: "rectangle", user: "round-rectangle", workstation: "bottom-round-rectangle" };
const CHOICES = [15, 40, 120];
const ROW = 40;
const LEAST_STEP = 140;
const LOWEST = 300;
const HIGHEST = 720;
const LONGEST = 30;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}\u2026` : text);

function styles() {
  const font = getComputedStyle(document.body).fontFamily;
  const roles = COLUMNS.map((role) => ({
    selector: `node[role = "${role}"]`,
    style: { shape: SHAPES[role], "background-color": color(`${role}-fill`), "border-color": color(role) },
  }));
  return [
    { selector: "node", style: {
      label: "data(label)", "text-valign": "center", "font-size": 13, "font-family": font, color: color("ink"),
      width: "data(width)", height: 30, "border-width": 1.5 } },
    ...roles,
    { selector: "node.marked", style: { "border-width": 4 } },
    { selector: "edge", style: {
      width: "data(width)", "curve-style": "bezier", "target-arrow-shape": "triangle", "arrow-scale": 0.8,
      "line-color": color("line"), "target-arrow-color": color("soft"), "line-opacity": 0.9 } },
    { selector: 'edge[kind = "asked"]', style: { "line-color": color("asker"), "target-arrow-color": color("asker"), "line-opacity": 0.6 } },
    { selector: 'edge[kind = "named"]', style: { "line-color": color("server"), "target-arrow-color": color("server"), "line-opacity": 0.45 } },
    { selector: 'edge[kind = "from"]', style: { "line-color": color("user"), "target-arrow-color": color("user"), "line-opacity": 0.45 } },
    { selector: "edge.refused", style: { "line-style": "dashed", "line-color": color("refused"), "target-arrow-color": color("refused") } },
    { selector: ".faded", style: { opacity: 0.12 } },
    { selector: "node.chosen", style: { "border-width": 4, "font-weight": "bold" } },
  ];
}

function measured() {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => Math.max(56, Math.ceil(context.measureText(text).width) + 26);
}

// In columns over `width`, as high as the longest column needs.
function elementsOf(relations, width) {
  const widthOf = measured();
  const columns = arrange(relations);
  const tallest = Math.max(...columns.map((nodes) => nodes.length));
  const filled = columns.filter((nodes) => nodes.length);
  const step = Math.max(LEAST_STEP, (width - 240) / Math.max(1, filled.length - 1));
  const nodes = filled.flatMap((column, x) => column.map((node, i) => ({
    data: { id: node.id, label: cut(node.label), role: COLUMNS[columnOf(node)], width: widthOf(cut(node.label)) },
    classes: node.marks.size ? "marked" : "",
    position: { x: x * step, y: ((i + 0.5) * tallest * ROW) / column.length },
  })));
  const edges = relations.edges.map((edge) => ({
    data: { id: edge.id, source: edge.from, target: edge.to, kind: edge.kind, width: 1 + Math.min(5, Math.log2(edge.count) / 2) },
    classes: edge.refused && !edge.sessions ? "refused" : "",
  }));
  return [...nodes, ...edges];
}

// A node in words, for those who click it or choose it from the list.
function describe(node, relations) {
  const labels = new Map(relations.nodes.map((other) => [other.id, other.label]));
  const list = (edges, end) => {
    const names = edges.map((edge) => labels.get(edge[end]) + (edge.count > 1 ? ` (${edge.count.toLocaleString("en")}\u00d7)` : ""));
    return names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
  };
  const phrases = [
    ["asked", "from", "to", "asked"], ["asked", "to", "from", "was asked by"], ["named", "from", "to", "named"],
    ["named", "to", "from", "was named by"], ["from", "from", "to", "had sessions from"], ["from", "to", "from", "had sessions of"],
  ];
  const parts = phrases.map(([kind, mine, other, words]) => {
    const edges = relations.edges.filter((edge) => edge.kind === kind && edge[mine] === node.id);
    return edges.length ? `${words} ${list(edges, other)}` : null;
  }).filter(Boolean);
  const roles = COLUMNS.filter((role) => node.roles.has(role)).map((role) => NAMES[role]).join(", ");
  const marks = node.marks.size ? ` [${[...node.marks].join(", ")}]` : "";
  return `${node.label} (${roles})${marks}: ${parts.join("; ")}.`;
}

const SVG = "http://www.w3.org/2000/svg";
function drawLegend() {
  const swatch = (draw) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 38 19");
    svg.setAttribute("aria-hidden", "true");
    for (const [name, attributes] of draw) {
      const part = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
      svg.append(part);
    }
    return svg;
  };
  const box = (role, shape) => swatch([["path", { d: shape, fill: `var(--${role}-fill)`, stroke: `var(--${role})`, "stroke-width": 1.5 }]]);
  const line = (name, dash) => swatch([["path", { d: "M1 9.5H37", stroke: `var(--${name})`, "stroke-width": 2, "stroke-dasharray": dash }]]);
  const items = [
    [box("asker", "M5 2H33L37 6V13L33 17H5L1 13V6Z"), "asker"],
    [box("server", "M1 2H37V17H1Z"), "server"],
    [box("user", "M8 2H30Q37 2 37 9.5T30 17H8Q1 17 1 9.5T8 2Z"), "account"],
    [box("workstation", "M1 2H37V11Q37 17 31 17H7Q1 17 1 11Z"), "workstation"],
    [line("asker", "none"), "asked"], [line("refused", "5 4"), "asked, and told nothing"],
    [line("server", "none"), "named"], [line("user", "none"), "session from"],
    [swatch([["rect", { x: 3, y: 3, width: 32, height: 13, fill: "none", stroke: "var(--asker)", "stroke-width": 4 }]]), "sweep or watch"],
  ];
  document.getElementById("graph-legend").replaceChildren(...items.map(([svg, text]) => element("li", {}, svg, text)));
}

class Graph {
  constructor(data) {
    this.all = relationsOf(data);
    this.detail = document.getElementById("graph-detail");
    this.addTools();
    drawLegend();
    this.draw(CHOICES[0]);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.cy.style(styles()));
    window.addEventListener("resize", () => this.fit());
  }

  addTools() {
    const button = (label, properties, act) => element("button", { type: "button", ...properties, click: act }, label);
    const most = Math.max(...COLUMNS.map((_, column) => this.all.nodes.filter((node) => columnOf(node) === column).length));
    this.size = element("select", { change: () => this.draw(Number(this.size.value)) },
      ...CHOICES.map((count) => element("option", { value: count }, `${count} of each kind`)));
    this.list = element("select", { change: () => this.choose(this.list.value) });
    const tools = document.getElementById("graph-tools");
    tools.append(element("label", {}, "Look at ", this.list));
    if (most > CHOICES[0]) tools.append(element("label", {}, "Show up to ", this.size));
    tools.append(element("span", {}, button("+", { "aria-label": "Zoom in" }, () => this.zoom(1.3)), " ",
      button("\u2212", { "aria-label": "Zoom out" }, () => this.zoom(1 / 1.3)), " ",
      button("Fit", { title: "Show the whole graph" }, () => this.fit())));
  }

  draw(most) {
    this.shown = heaviest(this.all, most);
    const part = document.getElementById("graph-part");
    part.textContent = this.shown.nodes.length < this.all.nodes.length
      ? `The graph shows the ${this.shown.nodes.length.toLocaleString("en")} busiest of ${counted(this.all.nodes.length, "node")}; the tables have all.` : "";
    const options = COLUMNS.map((role, column) => {
      const nodes = this.shown.nodes.filter((node) => columnOf(node) === column).sort((a, b) => (a.label < b.label ? -1 : 1));
      return element("optgroup", { label: `${NAMES[role]}s` }, ...nodes.map((node) => element("option", { value: node.id }, cut(node.label))));
    });
    this.list.replaceChildren(element("option", { value: "" }, "everything"), ...options);
    this.cy?.destroy();
    const canvas = document.getElementById("graph-canvas");
    const longest = Math.max(...COLUMNS.map((_, column) => this.shown.nodes.filter((node) => columnOf(node) === column).length));
    // Where the columns do not fit side by side, all of it is drawn smaller.
    const scale = Math.min(1, canvas.clientWidth / (3 * LEAST_STEP + 240));
    canvas.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, longest * ROW * scale + 60))}px`;
    this.cy = cytoscape({
      container: canvas, elements: elementsOf(this.shown, canvas.clientWidth), style: styles(),
      layout: { name: "preset" }, userZoomingEnabled: false, boxSelectionEnabled: false, autoungrabify: false,
      minZoom: 0.08, maxZoom: 2.5,
    });
    this.cy.on("tap", (event) => this.choose(event.target === this.cy || event.target.isEdge() ? "" : event.target.id()));
    this.choose("");
    this.fit();
  }

  fit() {
    this.cy.resize();
    this.cy.fit(undefined, 24);
    if (this.cy.zoom() > 1.1) {
      this.cy.zoom(1.1);
      this.cy.center();
    }
  }

  zoom(by) {
    const { width, height } = this.cy.container().getBoundingClientRect();
    this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: { x: width / 2, y: height / 2 } });
  }

  choose(id) {
    this.list.value = id;
    this.cy.elements().removeClass("faded chosen");
    const node = this.shown.nodes.find((candidate) => candidate.id === id);
    this.detail.textContent = node ? describe(node, this.all) : "";
    if (!node) return;
    const chosen = this.cy.getElementById(id);
    this.cy.elements().not(chosen.closedNeighborhood()).addClass("faded");
    chosen.addClass("chosen");
  }
}

export function drawGraph(data) {
  if (data.pairs.length) return new Graph(data);
  document.getElementById("graph").hidden = true;
  return null;
}
