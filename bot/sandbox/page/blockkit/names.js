/**
 * Which block is which when a list of blocks is shown anew. A block keeps its name with its
 * block_id. An app that leaves block_ids out gets new ones each time: then a block whose elements
 * are all buttons is known by what they do.
 */

/** Answers a function that gives each list of blocks as `{block, name}`, true to the one before. */
export function createNames() {
  let before = [];
  return (blocks) => {
    const stays = new Set(blocks.map(idOf));
    const free = before.filter(({ id, deeds }) => deeds && !stays.has(id));
    const named = blocks.map((block, index) => {
      const id = idOf(block, index);
      const deeds = deedsOf(block);
      const known = before.find((one) => one.id === id) ?? take(free, deeds);
      return { block, id, deeds, name: known?.name ?? id };
    });
    before = named;
    return named.map(({ block, name }) => ({ block, name }));
  };
}

function idOf({ type, block_id: blockId }, index) {
  return `${type}/${blockId ?? index}`;
}

/** What the buttons of a block do, or null where there is anything else to use, or nothing. */
function deedsOf({ type, elements, accessory }) {
  const all = elements ?? [accessory];
  if (!all.length || !all.every((element) => element?.type === "button")) return null;
  return JSON.stringify([type, all.map(({ action_id: name, value }) => [name, value])]);
}

function take(free, deeds) {
  const at = deeds ? free.findIndex((one) => one.deeds === deeds) : -1;
  return at < 0 ? null : free.splice(at, 1)[0];
}
