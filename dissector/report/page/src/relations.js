// Who is related to whom, from pairs and sessions: the nodes and edges of the graph.

// One computer under its several spellings: "\\WS1", "ws1", "[fd77::2]".
export const hostKey = (name) => name.replace(/^\\+/, "").replace(/^\[(.*)\]$/, "$1").toLowerCase();

class Nodes {
  constructor() { this.byId = new Map(); }

  of(id, label, role) {
    let node = this.byId.get(id);
    if (!node) this.byId.set(id, (node = { id, label, roles: new Set(), weight: 0, marks: new Set() }));
    node.roles.add(role);
    return node;
  }
}

class Edges {
  constructor() { this.byId = new Map(); }

  add(kind, from, to, counts) {
    const id = JSON.stringify([kind, from.id, to.id]);
    const edge = this.byId.get(id) ?? { id, kind, from: from.id, to: to.id, count: 0, refused: 0, sessions: 0 };
    for (const [key, count] of Object.entries(counts)) edge[key] += count;
    this.byId.set(id, edge);
  }
}

export function relationsOf(data) {
  const nodes = new Nodes();
  const edges = new Edges();
  const host = (name, role) => nodes.of(`host:${hostKey(name)}`, name.replace(/^\\+/, ""), role);
  for (const pair of data.pairs) {
    const asker = host(pair.asker, "asker");
    const server = host(pair.server, "server");
    for (const mark of pair.marks) asker.marks.add(mark);
    asker.weight += pair.calls;
    server.weight += pair.calls;
    edges.add("asked", asker, server, { count: pair.calls, refused: pair.refused, sessions: pair.sessions });
  }
  const serverOf = new Map(data.calls.map((call) => [call.call, call.server]));
  for (const session of data.sessions) {
    const at = serverOf.get(session.call);
    if (at === undefined) continue;
    const server = host(at, "server");
    const workstation = session.cname ? host(session.cname, "workstation") : null;
    const user = session.username ? nodes.of(`user:${session.username.toLowerCase()}`, session.username, "user") : null;
    for (const node of [user, workstation]) if (node) node.weight += 1;
    if (user) edges.add("named", server, user, { count: 1 });
    if (user && workstation) edges.add("from", user, workstation, { count: 1 });
    if (!user && workstation) edges.add("named", server, workstation, { count: 1 });
  }
  return { nodes: [...nodes.byId.values()], edges: [...edges.byId.values()] };
}

// The column a node stands in: the first role that it has.
export const COLUMNS = ["asker", "server", "user", "workstation"];
export const columnOf = (node) => COLUMNS.findIndex((role) => node.roles.has(role));

// The `most` of each column that are related most to those kept in the columns before, with the edges between them.
export function heaviest(relations, most) {
  const kept = new Set();
  for (let column = 0; column < COLUMNS.length; ++column) {
    const ties = new Map();
    for (const { from, to, count } of relations.edges) {
      if (kept.has(from)) ties.set(to, (ties.get(to) ?? 0) + count);
    }
    const tie = (node) => ties.get(node.id) ?? 0;
    relations.nodes.filter((node) => columnOf(node) === column)
      .sort((a, b) => b.marks.size - a.marks.size || tie(b) - tie(a) || b.weight - a.weight)
      .slice(0, most).forEach((node) => kept.add(node.id));
  }
  return {
    nodes: relations.nodes.filter((node) => kept.has(node.id)),
    edges: relations.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
  };
}

// Puts each column in an order in which edges cross little: by the mean place of a node's neighbours, a few times over.
export function arrange(relations) {
  const columns = COLUMNS.map((_, column) => relations.nodes.filter((node) => columnOf(node) === column));
  const place = new Map();
  const settle = () => columns.forEach((nodes) => nodes.forEach((node, i) => place.set(node.id, (i + 0.5) / nodes.length)));
  columns.forEach((nodes) => nodes.sort((a, b) => b.weight - a.weight || (a.label < b.label ? -1 : 1)));
  settle();
  const neighbours = new Map(relations.nodes.map((node) => [node.id, []]));
  for (const edge of relations.edges) {
    neighbours.get(edge.from).push(edge.to);
    neighbours.get(edge.to).push(edge.from);
  }
  const mean = (node) => {
    const places = neighbours.get(node.id).map((id) => place.get(id));
    return places.length ? places.reduce((a, b) => a + b, 0) / places.length : place.get(node.id);
  };
  for (let round = 0; round < 4; ++round) {
    for (const nodes of columns) {
      const means = new Map(nodes.map((node) => [node, mean(node)]));
      nodes.sort((a, b) => means.get(a) - means.get(b));
      settle();
    }
  }
  return columns;
}
