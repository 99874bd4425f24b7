/** What a person does to the elements of a surface, sent in the order in which it was done. */

/**
 * Builds the actor of one surface. `container()` says where the surface is; a refusal goes to
 * `complain(error)`, and the state is read again afterwards.
 */
export function createActor(viewer, container, { refresh, complain }) {
  let last = Promise.resolve();
  async function deliver(action) {
    try {
      await viewer.send("action", { container: container(), ...action });
    } catch (error) {
      complain(error);
    }
    await refresh();
  }
  return {
    act: (action) => (last = last.catch(() => null).then(() => deliver(action))),
    options: (query) => viewer.send("options", { container: container(), ...query }),
  };
}
