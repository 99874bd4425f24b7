// Renders openapi.json as a page to read. Everything is set as text, never as markup.

const METHODS = ["get", "post", "patch", "delete"];
const DEEPEST = 4;

const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

const resolve = (api, node) =>
  node?.$ref ? node.$ref.slice(2).split("/").reduce((found, key) => found[key], api) : node ?? {};

const nameOf = (ref) => ref.split("/").at(-1);

function kindOf(api, schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map((each) => kindOf(api, each)).join(" or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type === "array") return `list of ${kindOf(api, schema.items ?? {})}`;
  return [schema.type ?? "anything", schema.format].filter(Boolean).join(", ");
}

function bounds(schema) {
  const said = [];
  const given = schema.default !== undefined && schema.default !== null && schema.default.length !== 0;
  if (given) said.push(`default ${JSON.stringify(schema.default)}`);
  if (schema.minimum !== undefined) said.push(`at least ${schema.minimum}`);
  if (schema.maximum !== undefined) said.push(`at most ${schema.maximum}`);
  if (schema.maxLength !== undefined) said.push(`at most ${schema.maxLength} characters`);
  const text = said.join(", ");
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function within(schema) {
  if (schema.$ref) return schema.$ref;
  const inner = schema.items ?? (schema.anyOf ?? []).find((each) => each.$ref || each.items);
  return inner ? within(inner) : null;
}

function fields(api, schema, seen = []) {
  const found = resolve(api, schema);
  const list = make("dl");
  for (const [name, field] of Object.entries(found.properties ?? {})) {
    const term = make("dt", {}, name, " ", make("span", { class: "kind" }, kindOf(api, field)));
    if (found.required?.includes(name)) term.append(" ", make("span", { class: "must" }, "required"));
    const told = make("dd", {}, [field.description, bounds(field)].filter(Boolean).join(" "));
    const ref = within(field);
    if (ref && !seen.includes(ref) && seen.length < DEEPEST) {
      const target = resolve(api, { $ref: ref });
      if (target.properties) told.append(fields(api, target, [...seen, ref]));
      else if (target.enum) told.append(target.enum.join(" | "));
    }
    list.append(make("div", {}, term, told));
  }
  return list;
}

function parameters(api, operation) {
  const list = make("dl");
  for (const each of operation.parameters ?? []) {
    const term = make("dt", {}, each.name, " ", make("span", { class: "kind" }, kindOf(api, each.schema)));
    if (each.required) term.append(" ", make("span", { class: "must" }, "required"));
    const ref = within(each.schema);
    const words = ref ? (resolve(api, { $ref: ref }).enum ?? []).join(" | ") : "";
    const told = [`In the ${each.in}.`, each.description, words, bounds(each.schema)];
    list.append(make("div", {}, term, make("dd", {}, told.filter(Boolean).join(" "))));
  }
  return list;
}

function answers(operation) {
  const list = make("dl");
  for (const [status, each] of Object.entries(operation.responses)) {
    const headers = Object.keys(each.headers ?? {}).join(", ");
    const told = make("dd", {}, each.description, headers ? ` (${headers})` : "");
    list.append(make("div", {}, make("dt", {}, status), told));
  }
  return list;
}

function example(path, method, operation) {
  const lines = [`curl -X ${method.toUpperCase()} "${location.origin}${path}"`];
  if (operation.security?.length === 0) lines.push('-u "$CLIENT_ID:$CLIENT_SECRET"', "-d grant_type=client_credentials");
  else lines.push('-H "Authorization: Bearer $TOKEN"');
  if (operation.requestBody?.content["application/json"]) {
    lines.push('-H "Content-Type: application/json"', "-d @body.json");
  }
  return make("pre", {}, lines.join(" \\\n  "));
}

function shapeOf(holder) {
  return Object.values(holder?.content ?? {})[0]?.schema;
}

function inside(api, path, method, operation) {
  const parts = make("div", { class: "inside" });
  const add = (title, node) => parts.append(make("h3", {}, title), node);
  if (operation.parameters?.length) add("Parameters", parameters(api, operation));
  const body = shapeOf(operation.requestBody);
  if (body) add("Body", fields(api, body, body.$ref ? [body.$ref] : []));
  const [status, done] = Object.entries(operation.responses)[0];
  const answer = shapeOf(done);
  if (answer) add(`Answer ${status}`, fields(api, answer, answer.$ref ? [answer.$ref] : []));
  add("Statuses and codes", answers(operation));
  add("Example", example(path, method, operation));
  return parts;
}

function render(api, path, method, operation) {
  const title = make(
    "summary", {},
    make("span", { class: `method ${method}` }, method.toUpperCase()),
    make("span", { class: "path" }, path),
    make("span", { class: "says" }, operation.summary),
  );
  const card = make("details", { class: "operation", id: operation.operationId }, title);
  card.addEventListener("toggle", () => {
    if (card.open && card.children.length === 1) card.append(inside(api, path, method, operation));
  });
  const text = JSON.stringify([path, operation]) + words(api, operation);
  return { card, tag: operation.tags[0], text: text.toLowerCase() };
}

function words(api, operation) {
  const shapes = [shapeOf(operation.requestBody), shapeOf(Object.values(operation.responses)[0])];
  return shapes.map((each) => JSON.stringify(resolve(api, each).properties ?? {})).join(" ");
}

function filter(sections, count, wanted) {
  let shown = 0;
  for (const section of sections.values()) {
    for (const each of section.operations) {
      each.card.hidden = !each.text.includes(wanted);
      shown += each.card.hidden ? 0 : 1;
    }
    section.node.hidden = section.operations.every((each) => each.card.hidden);
  }
  count.textContent = wanted ? `${shown} found` : "";
}

function lay(api, main) {
  const sections = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((each) => methods[each])) {
      const rendered = render(api, path, method, methods[method]);
      if (!sections.has(rendered.tag)) {
        const node = make("section", {}, make("h2", {}, rendered.tag));
        sections.set(rendered.tag, { node, operations: [] });
        main.append(node);
      }
      const section = sections.get(rendered.tag);
      section.operations.push(rendered);
      section.node.append(rendered.card);
    }
  }
  return sections;
}

async function start() {
  const main = document.getElementById("operations");
  const response = await fetch("openapi.json");
  if (!response.ok) {
    main.append("The description could not be loaded. Please reload the page.");
    return;
  }
  const api = await response.json();
  document.getElementById("about").textContent = api.info.description;
  const sections = lay(api, main);
  const search = document.getElementById("search");
  const count = document.getElementById("count");
  search.addEventListener("input", () => filter(sections, count, search.value.trim().toLowerCase()));
  const linked = document.getElementById(location.hash.slice(1));
  if (linked instanceof HTMLDetailsElement) linked.open = true;
}

start();
