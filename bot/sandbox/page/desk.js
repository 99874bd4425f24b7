/** What all panes share: the clock, the people, the bot, and the names to show for ids. */

import { read } from "./api.js";
import { createClock } from "./clock.js";
import { createStillness } from "./stillness.js";

/** Reads who is there and builds the desk. */
export async function openDesk() {
  const { people, bot, team, banner } = await read("people");
  const known = new Map();
  const missed = new Set();
  const still = createStillness(document);
  const desk = { clock: createClock(), still, people, bot, team, banner, directory, refreshPeople };
  let edition = 0;

  function learn(found) {
    for (const person of found) {
      if (JSON.stringify(known.get(person.id)) === JSON.stringify(person)) continue;
      known.set(person.id, person);
      edition += 1;
    }
    return found;
  }
  async function directory() {
    return learn(await readEverybody(desk.people));
  }
  async function refreshPeople() {
    desk.people = learn((await read("people")).people);
    return desk.people;
  }
  desk.person = (id) => {
    if (id && !known.has(id) && !missed.has(id)) missed.add(id) && directory();
    return known.get(id) ?? null;
  };
  desk.everyone = () => [...known.values()];
  desk.learn = learn;
  desk.names = () => edition;
  desk.botPerson = () =>
    desk.person(bot.user_id) ?? { id: bot.user_id, real_name: bot.name, is_bot: true };
  learn(people);
  await directory();
  return desk;
}

async function readEverybody(fallback) {
  try {
    return (await read("directory")).people;
  } catch {
    return fallback;
  }
}
