// When who asked, and the sessions as bars over time.
import { extent } from "d3-array";
import { axisTop } from "d3-axis";
import { scaleUtc } from "d3-scale";
import { select } from "d3-selection";
import { counted, duration, element, moment, shown } from "./dom.js";

const LANE = 24;
const TOP = 26;
const LANES = 30;
// The newest claims of a lane are drawn, up to as many.
const CLAIMS = 60;
const ASKERS = 12;
const SPANS = [["1 hour", 3600], ["1 day", 86400], ["7 days", 7 * 86400], ["30 days", 30 * 86400], ["1 year", 365 * 86400]];
// More: a time computed as -1.
const IMPOSSIBLE = 0x80000000;

const narrow = () => window.innerWidth < 720;
const labelWidth = () => (narrow() ? 0 : 340);
// A computer without the backslashes that servers put before it.
const bare = (name) => shown(name).replace(/^\\\\/, "");
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text);

const two = (number) => String(number).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
// A tick's label: no more of the time than it needs.
function tickText(date) {
  if (date.getUTCSeconds()) return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  if (date.getUTCHours() || date.getUTCMinutes()) return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  if (date.getUTCDate() > 1 || date.getUTCMonth()) return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return `${date.getUTCFullYear()}`;
}

// An empty drawing of `lanes` lanes in `holder`, with an axis over [from, to] (seconds).
function canvas(holder, lanes, [from, to], height) {
  const width = Math.max(300, holder.clientWidth);
  const left = labelWidth();
  const svg = select(holder).selectAll("svg").data([0]).join("svg").attr("class", "chart").attr("width", width)
    .attr("height", TOP + lanes * height + 6).attr("viewBox", `0 0 ${width} ${TOP + lanes * height + 6}`);
  svg.selectAll("*").remove();
  const pad = Math.max(0.5, (to - from) * 0.01);
  const x = scaleUtc([new Date((from - pad) * 1000), new Date((to + pad) * 1000)], [left + 8, width - 14]);
  const ticks = narrow() ? 4 : 8;
  svg.append("g").attr("class", "axis").attr("aria-hidden", "true").attr("transform", `translate(0,${TOP})`)
    .call(axisTop(x).ticks(ticks).tickFormat(tickText).tickSizeOuter(0));
  svg.append("g").attr("aria-hidden", "true").selectAll("line").data(x.ticks(ticks)).join("line").attr("class", "grid")
    .attr("x1", x).attr("x2", x).attr("y1", TOP).attr("y2", TOP + lanes * height);
  return { svg, x: (seconds) => x(new Date(seconds * 1000)), left: left + 8, right: width - 14 };
}

function addLabel(lane, text, sub, height, marks = "") {
  const y = narrow() ? 11 : height / 2 + 4;
  const label = lane.append("text").attr("x", 0).attr("y", y).text(cut(text, 22));
  if (sub) label.append("tspan").attr("class", "sub").attr("dx", 8).text(cut(sub, narrow() ? 36 : 36));
  if (marks) label.append("tspan").attr("class", "marks").attr("dx", 8).text(marks);
  lane.append("title").text(sub ? `${text} ${sub}` : text);
}

const laneHeight = () => (narrow() ? LANE + 14 : LANE);
const middle = (height) => (narrow() ? height - LANE / 2 : height / 2);

// Where a sweep or another pattern was complete: a flag above the call that completed it.
function addFlag(lane, x, y, call) {
  const flag = lane.append("path").attr("class", "flag").attr("d", `M${x} ${y - 3}v-9h9l-3 3l3 3h-7.5`);
  flag.append("title").text(`${call.marks.join(", ")}: complete with call ${call.call}, at ${moment(call.ts)}`);
}

function drawCalls(data) {
  const holder = document.getElementById("calls-chart");
  const byAsker = new Map();
  for (const call of data.calls) {
    if (!byAsker.has(call.asker)) byAsker.set(call.asker, []);
    byAsker.get(call.asker).push(call);
  }
  const isMarked = (asker) => data.pairs.some((pair) => pair.asker === asker && pair.marks.length) ? 1 : 0;
  const weights = new Map([...byAsker].map(([asker, calls]) => [asker, [isMarked(asker), calls.length]]));
  const weigh = (a, b) => weights.get(b)[0] - weights.get(a)[0] || weights.get(b)[1] - weights.get(a)[1];
  const lanes = [...byAsker].sort(([a], [b]) => weigh(a, b));
  const marks = new Map(data.pairs.map((pair) => [pair.asker, new Set()]));
  for (const pair of data.pairs) for (const mark of pair.marks) marks.get(pair.asker).add(mark);
  const height = laneHeight();
  const visible = lanes.slice(0, ASKERS);
  const { svg, x } = canvas(holder, visible.length, extent(data.calls, (call) => call.ts), height);
  svg.attr("role", "img").attr("aria-label", visible.map(([asker, calls]) => `${asker}: ${counted(calls.length, "call")}`).join("; "));
  visible.forEach(([asker, calls], i) => {
    const lane = svg.append("g").attr("transform", `translate(0,${TOP + i * height})`);
    addLabel(lane, asker, counted(calls.length, "call"), height, [...(marks.get(asker) ?? [])].join(", "));
    const [first, last] = extent(calls, (call) => call.ts);
    lane.append("line").attr("class", "lane").attr("x1", x(first)).attr("x2", x(last)).attr("y1", middle(height)).attr("y2", middle(height));
    // One mark a pixel is as many as can be seen.
    const drawn = new Set();
    for (const call of calls) {
      if (call.marks) addFlag(lane, x(call.ts), middle(height), call);
      const kind = call.refused ? "no" : call.sessions ? "told" : "asked";
      const at = Math.round(x(call.ts));
      if (drawn.has(`${kind}${at}`)) continue;
      drawn.add(`${kind}${at}`);
      const y = middle(height);
      if (kind === "no") lane.append("path").attr("class", "no").attr("d", `M${at - 4} ${y - 4}l8 8m0 -8l-8 8`);
      else lane.append("circle").attr("class", kind).attr("cx", at).attr("cy", y).attr("r", 4);
    }
  });
  const flags = data.calls.some((call) => call.marks) ? " Flag: a sweep or another pattern was complete." : "";
  const key = `Filled: the answer told of sessions. Ring: it told of none. Cross: refused.${flags}`;
  const rest = lanes.length > visible.length ? ` Shown are the ${visible.length} busiest of ${counted(lanes.length, "asker")}.` : "";
  let note = holder.querySelector("p");
  if (!note) holder.append((note = element("p", { class: "part" })));
  note.textContent = key + rest;
}

// More: the calls belong to different periods, of which one is shown at a time.
const PAUSE = 6 * 3600;
function periodsOf(data) {
  const calls = [...data.calls].sort((a, b) => a.ts - b.ts);
  const periods = [];
  for (const call of calls) {
    if (!periods.length || call.ts - periods.at(-1).to > PAUSE) periods.push({ from: call.ts, to: call.ts, calls: 0 });
    periods.at(-1).to = call.ts;
    ++periods.at(-1).calls;
  }
  return periods;
}

function within(data, period) {
  const calls = data.calls.filter((call) => call.ts >= period.from && call.ts <= period.to);
  const numbers = new Set(calls.map((call) => call.call));
  return { pairs: data.pairs, calls, sessions: data.sessions.filter((session) => numbers.has(session.call)) };
}

// One lane for each session that a server keeps telling of.
function lanesOf(data) {
  const servers = new Map(data.calls.map((call) => [call.call, call.server]));
  const lanes = new Map();
  for (const session of data.sessions) {
    if (session.time === undefined) continue;
    const server = servers.get(session.call) ?? "?";
    const key = JSON.stringify([server, session.username ?? null, session.cname ?? null]);
    if (!lanes.has(key)) lanes.set(key, { server, user: session.username, host: session.cname, claims: [] });
    lanes.get(key).claims.push(session);
  }
  const all = [...lanes.values()];
  for (const lane of all) lane.latest = lane.claims.reduce((latest, claim) => Math.max(latest, claim.now), -Infinity);
  return all;
}

const ORDERS = {
  server: (a, b) => compare(a.server, b.server) || compare(shown(a.user), shown(b.user)),
  account: (a, b) => compare(shown(a.user), shown(b.user)) || compare(a.server, b.server),
  workstation: (a, b) => compare(shown(a.host), shown(b.host)) || compare(shown(a.user), shown(b.user)),
  "latest answer": (a, b) => b.latest - a.latest,
};
const collator = new Intl.Collator("en", { numeric: true });
const compare = (a, b) => collator.compare(a, b);

// The shortest span that holds nine of ten sessions whole.
function fittingSpan(lanes) {
  const ages = lanes.flatMap((lane) => lane.claims.map((claim) => claim.time)).filter((time) => time < IMPOSSIBLE).sort((a, b) => a - b);
  const most = ages[Math.floor(ages.length * 0.9)] ?? 0;
  return (SPANS.find(([, seconds]) => seconds >= most) ?? SPANS.at(-1))[1];
}

function describe(lane, claim) {
  const age = claim.time >= IMPOSSIBLE ? `for ${claim.time} s, which cannot be` : `for ${duration(claim.time)}, since ${moment(claim.now - claim.time)}`;
  const idle = claim.idle_time === undefined ? "" : `, idle ${duration(claim.idle_time)}`;
  return `${shown(lane.user)} from ${shown(lane.host)} at ${lane.server}: ${age}${idle}; told at ${moment(claim.now)} in call ${claim.call}`;
}

class Sessions {
  constructor(data, openCall) {
    this.openCall = openCall;
    this.holder = document.getElementById("sessions-chart");
    this.detail = document.getElementById("timeline-detail");
    this.lanes = lanesOf(data);
    this.page = 0;
    this.addTools();
    this.draw();
  }

  addTools() {
    const chooser = (label, options, chosen) => {
      const list = element("select", { change: () => { this.page = 0; this.draw(); } },
        ...options.map(([text, value]) => element("option", { value, selected: value === chosen }, text)));
      document.getElementById("timeline-tools").append(element("label", {}, `${label} `, list));
      return list;
    };
    this.span = chooser("Span before the last answer", SPANS, fittingSpan(this.lanes));
    this.order = chooser("Sort by", Object.keys(ORDERS).map((name) => [name, name]), "server");
    const button = (text, by) => element("button", { type: "button", click: () => { this.page += by; this.draw(); } }, text);
    this.previous = button("Previous", -1);
    this.next = button("Next", 1);
    document.getElementById("timeline-tools").append(element("span", {}, this.previous, " ", this.next));
  }

  // What a session bar shows of one claim; the bar is a link to its call.
  addClaim(lane, group, claim, { x, left, height }) {
    const y = middle(height) - 7;
    const now = x(claim.now);
    const start = Math.max(left, x(claim.now - claim.time));
    const idle = Math.max(start, x(claim.now - (claim.idle_time ?? 0)));
    if (now < left) return;
    const link = group.append("a").attr("href", `#call-${claim.call}`).attr("tabindex", -1).attr("aria-label", describe(lane, claim));
    link.append("rect").attr("class", "on").attr("x", start).attr("y", y).attr("width", Math.max(1, idle - start)).attr("height", 14);
    if (now > idle) link.append("rect").attr("class", "idle").attr("x", idle).attr("y", y).attr("width", now - idle).attr("height", 14);
    link.append("line").attr("class", "end").attr("x1", now).attr("x2", now).attr("y1", y - 2).attr("y2", y + 16);
    if (x(claim.now - claim.time) < left) link.append("path").attr("class", "older").attr("d", `M${left + 7} ${y + 2}v10l-7 -5z`);
    link.append("rect").attr("class", "hit").attr("x", start - 3).attr("y", y - 3).attr("width", Math.max(6, now - start + 6)).attr("height", 20);
    link.append("title").text(describe(lane, claim));
    link.on("focus mouseenter", () => { this.detail.textContent = describe(lane, claim); });
    link.on("click", (event) => { event.preventDefault(); event.stopPropagation(); this.openCall(claim.call); });
  }

  draw() {
    const lanes = this.lanes.sort(ORDERS[this.order.value]);
    const first = this.page * LANES;
    const visible = lanes.slice(first, first + LANES);
    const last = lanes.reduce((latest, lane) => Math.max(latest, lane.latest), -Infinity);
    const span = Number(this.span.value);
    const height = laneHeight();
    const drawing = canvas(this.holder, visible.length, [last - span, last], height);
    this.addHatch(drawing.svg);
    drawing.svg.attr("role", "group").attr("aria-label", "Sessions over time. Arrow keys go from bar to bar, Enter opens the call.");
    let drawn = 0;
    visible.forEach((lane, i) => {
      const group = drawing.svg.append("g").attr("transform", `translate(0,${TOP + i * height})`);
      addLabel(group, shown(lane.user), `${bare(lane.host)} at ${lane.server}`, height);
      // Claims at one pixel hide each other: the newest stand for them.
      const newest = new Map();
      for (const claim of lane.claims.slice(-CLAIMS)) {
        newest.set([Math.round(drawing.x(claim.now)), Math.round(drawing.x(claim.now - claim.time))].join(), claim);
      }
      drawn += newest.size;
      for (const claim of newest.values()) this.addClaim(lane, group, claim, { ...drawing, height });
    });
    this.addKeys(drawing.svg);
    this.previous.disabled = this.page === 0;
    this.next.disabled = first + LANES >= lanes.length;
    this.previous.hidden = this.next.hidden = lanes.length <= LANES;
    this.tell(first, visible, lanes, drawn);
  }

  tell(first, visible, lanes, drawn) {
    const claims = visible.reduce((sum, lane) => sum + lane.claims.length, 0);
    const part = lanes.length > LANES ? `Shown: ${first + 1} to ${first + visible.length} of ${counted(lanes.length, "session")}.` : "";
    const hidden = drawn < claims ? ` ${counted(claims - drawn, "claim")} in the same place as others ${claims - drawn === 1 ? "is" : "are"} not drawn; the table has all.` : "";
    document.getElementById("timeline-part").textContent = part + hidden;
  }

  addHatch(svg) {
    const pattern = svg.append("defs").append("pattern").attr("id", "hatch").attr("width", 6).attr("height", 6).attr("patternUnits", "userSpaceOnUse");
    pattern.append("rect").attr("width", 6).attr("height", 6);
    pattern.append("path").attr("d", "M0 6L6 0");
  }

  addKeys(svg) {
    const bars = svg.selectAll("a").nodes();
    bars[0]?.setAttribute("tabindex", 0);
    svg.on("keydown", (event) => {
      const at = bars.indexOf(event.target.closest("a"));
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (at < 0 || !step) return;
      event.preventDefault();
      const next = bars[Math.min(bars.length - 1, Math.max(0, at + step))];
      bars[at].setAttribute("tabindex", -1);
      next.setAttribute("tabindex", 0);
      next.focus();
    });
  }
}

class Timeline {
  constructor(data, openCall) {
    this.all = data;
    this.openCall = openCall;
    this.periods = periodsOf(data);
    if (this.periods.length > 1) this.addPeriods();
    const busiest = this.periods.reduce((best, period) => (period.calls > best.calls ? period : best));
    this.show(busiest);
    let width = window.innerWidth;
    window.addEventListener("resize", () => {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      drawCalls(this.data);
      this.sessions?.draw();
    });
  }

  addPeriods() {
    const options = this.periods.map((period, i) =>
      element("option", { value: i }, `${moment(period.from)} to ${moment(period.to)} (${counted(period.calls, "call")})`));
    this.list = element("select", { change: () => this.show(this.periods[this.list.value]) }, ...options);
    document.getElementById("period-tools").append(element("label", {}, "Period shown ", this.list),
      `${this.periods.length} periods of calls lie more than ${PAUSE / 3600} hours apart.`);
  }

  show(period) {
    if (this.list) this.list.value = this.periods.indexOf(period);
    this.data = within(this.all, period);
    drawCalls(this.data);
    document.getElementById("timeline-tools").replaceChildren();
    document.getElementById("sessions-chart").replaceChildren();
    for (const id of ["timeline-detail", "timeline-part"]) document.getElementById(id).textContent = "";
    const hasAges = this.data.sessions.some((session) => session.time !== undefined);
    this.sessions = hasAges ? new Sessions(this.data, this.openCall) : null;
    if (!hasAges) document.getElementById("sessions-chart").append(element("p", { class: "none" }, "No answer tells how old a session is."));
  }
}

export function drawTimeline(data, openCall) {
  if (data.calls.length) return new Timeline(data, openCall);
  document.getElementById("timeline").hidden = true;
  return null;
}
